//! Exchanges with a server that are recorded once and played again, from a server that is no network.

use crate::kit::{ms_since, now};
use futures_util::future::{BoxFuture, FutureExt as _, join};
use futures_util::stream::{self, StreamExt as _};
use penguiflow::Secret;
use penguiflow::clock::{Seam, millis};
use penguiflow::llm::{
    Body, Cassette, CassetteError, Headers, HttpReply, HttpRequest, LlmError, LlmErrorKind, Transport,
};
use serde_json::{Value, json};
use std::error::Error as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// A folder of its own, gone behind the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("penguiflow-cassettes-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("it goes well");
        Folder(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("chat.json")
    }

    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(&self.0)
            .expect("it goes well")
            .map(|one| one.expect("it goes well").file_name().to_string_lossy().into_owned());
        names.collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

type Pieces = Vec<(u64, Result<Vec<u8>, LlmErrorKind>)>;

/// What stands in the place of the network: answers each request with what its body asks for, and counts.
#[derive(Clone, Default)]
struct Server {
    calls: Arc<AtomicUsize>,
    pieces: Arc<Of>,
}

/// What the server sends, and after how many milliseconds; without pieces, what was asked.
#[derive(Default)]
struct Of {
    wait_ms: u64,
    head: Option<LlmErrorKind>,
    pieces: Pieces,
    headers: Vec<(String, String)>,
}

impl Server {
    fn sending(pieces: Of) -> Self {
        Server { calls: Arc::default(), pieces: Arc::new(pieces) }
    }

    fn calls(&self) -> usize {
        self.calls.load(SeqCst)
    }
}

async fn nap(ms: u64) {
    Seam::seeded(0).sleep(millis(ms)).await;
}

impl Transport for Server {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>> {
        let server = self.clone();
        async move {
            server.calls.fetch_add(1, SeqCst);
            nap(server.pieces.wait_ms).await;
            if let Some(kind) = &server.pieces.head {
                return Err(LlmError::new(kind.clone(), format!("no way to {}", request.url)));
            }
            let mut pieces = server.pieces.pieces.clone();
            if pieces.is_empty() {
                pieces.push((0, Ok(request.body)));
            }
            let body = stream::iter(pieces).then(|(wait, piece)| async move {
                nap(wait).await;
                piece.map_err(|kind| LlmError::new(kind, "connection reset"))
            });
            Ok(HttpReply::new(201, Headers(server.pieces.headers.clone()), body.boxed()))
        }
        .boxed()
    }
}

/// A transport that must not be reached.
struct NoNetwork;

impl Transport for NoNetwork {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>> {
        panic!("{} was sent", request.url)
    }
}

fn request(body: &Value) -> HttpRequest {
    HttpRequest::json("https://api.example.org/v1/chat", body).with_secret("authorization", "Bearer sk-secret-1".into())
}

async fn bytes(body: Body) -> (Vec<Vec<u8>>, Option<LlmError>) {
    let (mut pieces, mut error) = (Vec::new(), None);
    for piece in body.collect::<Vec<_>>().await {
        assert!(error.is_none(), "something came behind an error");
        match piece {
            Ok(piece) => pieces.push(piece),
            Err(broken) => error = Some(broken),
        }
    }
    (pieces, error)
}

async fn sent(cassette: &Cassette, body: &Value) -> Result<Vec<u8>, LlmError> {
    let (pieces, error) = bytes(cassette.send(request(body)).await?.body).await;
    error.map_or(Ok(pieces.concat()), Err)
}

/// Records these bodies by a server that says them again.
async fn recorded(path: &Path, all: &[Value]) {
    let cassette = Cassette::record(path, Server::default()).expect("it goes well");
    for body in all {
        sent(&cassette, body).await.expect("it goes well");
    }
    assert_eq!(cassette.exchanges(), all.len());
    cassette.assert_all_used();
}

fn cause(error: &LlmError) -> &CassetteError {
    error.source().and_then(|source| source.downcast_ref()).expect("a cassette's error")
}

fn streamed() -> Of {
    let piece = |text: &str| Ok(text.as_bytes().to_vec());
    let headers = [("content-type", "text/event-stream"), ("set-cookie", "session=abc"), ("x-request-id", "req_1")];
    Of {
        wait_ms: 250,
        head: None,
        pieces: vec![(5, piece("data: a")), (1_000, piece("\n\n")), (0, Ok(vec![0xe2, 0x82])), (30, Ok(vec![0xac]))],
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_is_played_as_it_came_piece_by_piece_and_as_late() {
    let folder = Folder::new("same");
    let server = Server::sending(streamed());
    let recording = Cassette::record(folder.file(), server.clone()).expect("it goes well");
    assert!(recording.is_recording());
    let first = recording.send(request(&json!({ "a": 1 }))).await.expect("it goes well");
    let (heard, _) = bytes(first.body).await;

    let replay = Cassette::replay(folder.file()).expect("it goes well");
    assert!(!replay.is_recording());
    let start = now();
    let reply = replay.send(request(&json!({ "a": 1 }))).await.expect("it goes well");
    assert_eq!(ms_since(start), 250);
    assert_eq!((reply.status, reply.headers.get("x-request-id")), (201, Some("req_1")));
    assert_eq!(reply.headers.get("content-type"), Some("text/event-stream"));
    let mut body = reply.body;
    assert_eq!(body.next().await.expect("it goes well").expect("it goes well"), b"data: a");
    assert_eq!(ms_since(start), 255);
    assert_eq!(body.next().await.expect("it goes well").expect("it goes well"), b"\n\n");
    assert_eq!(ms_since(start), 1_255);
    let (rest, error) = bytes(body).await;
    assert_eq!((rest, error.is_none(), ms_since(start)), (heard[2..].to_vec(), true, 1_285));
    replay.assert_all_used();
    assert_eq!(server.calls(), 1, "the replay reached no server");
}

#[tokio::test(start_paused = true)]
async fn a_reply_may_be_played_without_waiting_and_on_another_seam() {
    let folder = Folder::new("quick");
    let recording = Cassette::record(folder.file(), Server::sending(streamed())).expect("it goes well");
    sent(&recording, &json!({})).await.expect("it goes well");
    let start = now();
    sent(&Cassette::replay(folder.file()).expect("it goes well").without_waiting(), &json!({}))
        .await
        .expect("it goes well");
    assert_eq!(ms_since(start), 0);
    sent(&Cassette::replay(folder.file()).expect("it goes well").on(Seam::seeded(4)), &json!({}))
        .await
        .expect("it goes well");
    assert_eq!(ms_since(start), 1_285);
}

#[tokio::test(start_paused = true)]
async fn no_secret_is_written_wherever_it_stands() {
    let folder = Folder::new("secret");
    let leaks = Of {
        pieces: vec![
            (0, Ok(b"you are sk-sec".to_vec())),
            (0, Ok(b"ret-1, of org-4711-x".to_vec())),
            (0, Ok(b"!".to_vec())),
        ],
        headers: [("set-cookie", "session=abcdef12"), ("openai-organization", "org-4711-x"), ("x-echo", "sk-secret-1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        ..Of::default()
    };
    let ask = |key: &str| {
        let url = format!("https://example.org/v1?key={key}&n=1");
        HttpRequest::json(url, &json!({ "prompt": format!("my key is {key}"), "patient": "Ada Lovelace" }))
            .with_secret("authorization", format!("Bearer {key}").into())
            .with_header("openai-project", "proj-1")
            .with_header("accept", "text/event-stream")
            .with_header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    };
    let cassette =
        Cassette::record(folder.file(), Server::sending(leaks)).expect("it goes well").redacting("Ada Lovelace");
    let reply = cassette.send(ask("sk-secret-1")).await.expect("it goes well");
    assert_eq!(reply.headers.get("x-echo"), Some("sk-secret-1"), "who asked gets what came");
    let (heard, _) = bytes(reply.body).await;
    assert_eq!(heard.concat(), b"you are sk-secret-1, of org-4711-x!");

    let written = fs::read_to_string(folder.file()).expect("it goes well");
    for hidden in ["sk-sec", "ret-1", "session=", "org-4711", "proj-1", "Lovelace", "4bf92f"] {
        assert!(!written.contains(hidden), "`{hidden}` stands in\n{written}");
    }
    for shown in [
        r#""url": "https://example.org/v1?key=[redacted]&n=1""#,
        r#""authorization: [redacted]""#,
        r#""openai-project: [redacted]""#,
        r#""accept: text/event-stream""#,
        r#""prompt": "my key is [redacted]""#,
        r#""set-cookie: [redacted]""#,
        r#""text": "you are [redacted]""#,
    ] {
        assert!(written.contains(shown), "`{shown}` does not stand in\n{written}");
    }

    // Another key, or none at all in the headers, has the same answer.
    let replay = Cassette::replay(folder.file()).expect("it goes well").redacting("Ada Lovelace");
    let (heard, error) = bytes(replay.send(ask("test")).await.expect("it goes well").body).await;
    assert_eq!((heard.concat(), error.is_none()), (b"you are [redacted], of [redacted]!".to_vec(), true));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_changed_is_shown_beside_the_recorded_one() {
    let folder = Folder::new("changed");
    let body = |text: &str| json!({ "model": "m", "messages": [{ "role": "user", "content": text }] });
    recorded(&folder.file(), &[body("krill?"), body("fish?")]).await;
    let replay = Cassette::replay(folder.file()).expect("it goes well");
    sent(&replay, &body("krill?")).await.expect("it goes well");
    let mut changed = body("squid? sk-secret-1");
    changed["temperature"] = json!(0.5);
    let error = sent(&replay, &changed).await.expect_err("it fails");
    assert_eq!(error.kind(), &LlmErrorKind::InvalidRequest { field: None });
    assert!(!error.is_transient(), "no attempt more would help");
    let told = error.to_string();
    let path = folder.file();
    assert!(
        told.contains(&format!("cassette {}: request 2 of 2 is not the one that was recorded", path.display())),
        "{told}"
    );
    let shown = "  body.messages[0].content\n    recorded: \"fish?\"\n    asked:    \"squid? [redacted]\"\n  body.temperature\n    \
                 recorded: (nothing)\n    asked:    0.5\n";
    assert!(told.contains(shown), "{told}");
    assert!(told.contains("to record it again, run with PENGUIFLOW_CASSETTES=record"), "{told}");
    let CassetteError::Changed { number, of, differences, .. } = cause(&error) else { panic!("{error}") };
    assert_eq!((*number, *of, differences.len()), (2, 2, 2));
    // It was not used up by that.
    sent(&replay, &body("fish?")).await.expect("it goes well");
    replay.assert_all_used();
}

#[tokio::test(start_paused = true)]
async fn the_order_of_keys_and_the_headers_do_not_matter_but_the_url_does() {
    let folder = Folder::new("keys");
    recorded(&folder.file(), &[json!({ "a": 1, "b": [2] })]).await;
    let to = |url: &str| {
        let mut request = HttpRequest::json(url, &Value::Null).with_header("x-new", "1");
        request.body = br#" {"b":[2], "a":1} "#.to_vec();
        request
    };
    let replay = Cassette::replay(folder.file()).expect("it goes well");
    let other = replay.send(to("https://api.example.org/v2/chat")).await.err().expect("it goes well");
    assert!(other.to_string().contains("  url\n    recorded: \"https://api.example.org/v1/chat\""), "{other}");
    assert_eq!(replay.send(to("https://api.example.org/v1/chat")).await.expect("it goes well").status, 201);
}

#[tokio::test(start_paused = true)]
async fn an_exchange_is_played_once_and_what_is_left_is_told() {
    let folder = Folder::new("once");
    recorded(&folder.file(), &[json!(1), json!(2)]).await;
    let replay = Cassette::replay(folder.file()).expect("it goes well");
    sent(&replay, &json!(1)).await.expect("it goes well");
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| replay.assert_all_used()));
    let told = *caught.expect_err("it fails").downcast::<String>().expect("it goes well");
    assert!(told.ends_with("not all of it was asked for:\n  2: POST https://api.example.org/v1/chat"), "{told}");
    sent(&replay, &json!(2)).await.expect("it goes well");
    replay.assert_all_used();
    let error = sent(&replay, &json!(2)).await.expect_err("it fails");
    assert!(matches!(cause(&error), CassetteError::UsedUp { of: 2, .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn requests_in_another_order_are_matched_where_that_is_wanted() {
    let folder = Folder::new("order");
    recorded(&folder.file(), &[json!({ "n": 1, "same": true }), json!({ "n": 2, "same": true }), json!(3)]).await;
    let strict = Cassette::replay(folder.file()).expect("it goes well");
    assert!(sent(&strict, &json!(3)).await.is_err());
    let replay = Cassette::replay(folder.file()).expect("it goes well").best_match();
    assert_eq!(sent(&replay, &json!(3)).await.expect("it goes well"), b"3");
    let (two, one) = (json!({ "n": 2, "same": true }), json!({ "n": 1, "same": true }));
    let (a, b) = join(sent(&replay, &two), sent(&replay, &one)).await;
    assert_eq!(
        (a.expect("it goes well"), b.expect("it goes well")),
        (two.to_string().into_bytes(), one.to_string().into_bytes())
    );
    replay.assert_all_used();
    let again = sent(&replay, &one).await.expect_err("it fails");
    assert!(matches!(cause(&again), CassetteError::UsedUp { .. }), "{again}");
    // What fits none is compared with the one that is nearest.
    let replay = Cassette::replay(folder.file()).expect("it goes well").best_match();
    let near = sent(&replay, &json!({ "n": 2, "same": false })).await.expect_err("it fails");
    assert!(matches!(cause(&near), CassetteError::Changed { number: 2, .. }), "{near}");
}

#[tokio::test(start_paused = true)]
async fn requests_side_by_side_are_recorded_in_the_order_in_which_they_began() {
    let folder = Folder::new("beside");
    let slow =
        Cassette::record(folder.file(), Server::sending(Of { wait_ms: 50, ..Of::default() })).expect("it goes well");
    let first = slow.send(request(&json!("first")));
    let (first, second) = join(first, async {
        nap(10).await;
        sent(&slow, &json!("second")).await.expect("it goes well")
    })
    .await;
    assert_eq!((second, slow.exchanges()), (b"\"second\"".to_vec(), 1));
    bytes(first.expect("it goes well").body).await;
    let replay = Cassette::replay(folder.file()).expect("it goes well");
    sent(&replay, &json!("first")).await.expect("it goes well");
    sent(&replay, &json!("second")).await.expect("it goes well");
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_breaks_breaks_again_with_what_came_before() {
    let folder = Folder::new("broken");
    let breaking = Of { pieces: vec![(1, Ok(b"half".to_vec())), (500, Err(LlmErrorKind::Transport))], ..Of::default() };
    let recording = Cassette::record(folder.file(), Server::sending(breaking)).expect("it goes well");
    assert!(sent(&recording, &json!({})).await.is_err());
    let replay = Cassette::replay(folder.file()).expect("it goes well");
    let (pieces, error) = bytes(replay.send(request(&json!({}))).await.expect("it goes well").body).await;
    let error = error.expect("breaks again");
    assert_eq!(
        (pieces.concat(), error.kind(), error.message()),
        (b"half".to_vec(), &LlmErrorKind::Transport, "connection reset")
    );
}

#[tokio::test(start_paused = true)]
async fn a_request_that_finds_no_server_finds_none_again() {
    let folder = Folder::new("refused");
    let away = Of { wait_ms: 20, head: Some(LlmErrorKind::Cancelled), ..Of::default() };
    let recording = Cassette::record(folder.file(), Server::sending(away)).expect("it goes well");
    assert!(sent(&recording, &json!({})).await.is_err());
    let start = now();
    let error = sent(&Cassette::replay(folder.file()).expect("it goes well"), &json!({})).await.expect_err("it fails");
    assert_eq!((error.kind(), ms_since(start)), (&LlmErrorKind::Cancelled, 20));
    assert_eq!(error.message(), "no way to https://api.example.org/v1/chat");
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_the_caller_drops_is_cut_there() {
    let folder = Folder::new("cut");
    let recording = Cassette::record(folder.file(), Server::sending(streamed())).expect("it goes well");
    let mut body = recording.send(request(&json!(1))).await.expect("it goes well").body;
    body.next().await.expect("it goes well").expect("it goes well");
    assert_eq!(recording.exchanges(), 0, "it is not over");
    drop(body);
    assert_eq!(recording.exchanges(), 1);
    // Before its head as well.
    let early = tokio::time::timeout(millis(100), recording.send(request(&json!(2)))).await;
    assert!(early.is_err());
    // And one that was never polled is none.
    drop(recording.send(request(&json!(3))));
    recording.check().expect("it goes well");

    let replay = Cassette::replay(folder.file()).expect("it goes well");
    assert_eq!(replay.exchanges(), 2);
    let (pieces, error) = bytes(replay.send(request(&json!(1))).await.expect("it goes well").body).await;
    assert_eq!(pieces.concat(), b"data: a");
    let error = error.expect("is cut");
    assert!(error.to_string().contains("whoever asked dropped the reply here when it was recorded"), "{error}");
    let start = now();
    let early = replay.send(request(&json!(2))).await.err().expect("is cut");
    assert_eq!((early.kind(), ms_since(start)), (&LlmErrorKind::Transport, 100));
}

#[tokio::test(start_paused = true)]
async fn who_reads_the_last_piece_and_not_the_end_behind_it_has_cut_nothing() {
    let folder = Folder::new("last");
    let piece = |text: &str| (0, Ok(text.as_bytes().to_vec()));
    let server = Server::sending(Of { pieces: vec![piece("data: 1\n\n"), piece("data: [DONE]\n\n")], ..Of::default() });
    let inner: Arc<dyn Transport> = Arc::new(server);
    let recording = Cassette::record(folder.file(), inner).expect("it goes well");
    for read in [2, 1] {
        let mut body = recording.send(request(&json!(read))).await.expect("it goes well").body;
        for _ in 0..read {
            body.next().await.expect("it goes well").expect("it goes well");
        }
    }
    let written: Value =
        serde_json::from_str(&fs::read_to_string(folder.file()).expect("it goes well")).expect("it goes well");
    let ends = [0, 1].map(|at| written["exchanges"][at]["reply"]["end"].clone());
    assert_eq!(ends, ["complete", "cut"], "the second one was dropped with a piece unread");
}

#[tokio::test(start_paused = true)]
async fn a_file_that_cannot_be_written_is_an_error_and_never_half_a_file() {
    let folder = Folder::new("full");
    let inside = folder.0.join("a-file");
    fs::write(&inside, "x").expect("it goes well");
    let error = Cassette::record(inside.join("chat.json"), NoNetwork).expect_err("it fails");
    assert!(error.to_string().contains("could not be written: "), "{error}");

    // The folder goes away while it is recorded.
    let deeper = folder.0.join("deeper");
    let path = deeper.join("chat.json");
    let recording = Cassette::record(&path, Server::default()).expect("it goes well");
    sent(&recording, &json!(1)).await.expect("it goes well");
    let before = fs::read_to_string(&path).expect("it goes well");
    fs::rename(&deeper, folder.0.join("moved")).expect("it goes well");
    let reply = recording.send(request(&json!(2))).await.expect("it goes well");
    let (pieces, error) = bytes(reply.body).await;
    assert_eq!(pieces.concat(), b"2", "what came is not lost");
    let error = error.expect("it could not be written");
    assert!(matches!(cause(&error), CassetteError::Write { .. }), "{error}");
    let next = sent(&recording, &json!(3)).await.expect_err("it fails");
    assert!(matches!(cause(&next), CassetteError::Write { .. }), "{next}");
    assert!(recording.check().is_err());
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| recording.assert_all_used())).is_err());
    assert_eq!(fs::read_to_string(folder.0.join("moved/chat.json")).expect("it goes well"), before);
    assert_eq!(fs::read_dir(folder.0.join("moved")).expect("it goes well").count(), 1, "no part of a file is left");
}

#[tokio::test(start_paused = true)]
async fn a_recording_replaces_the_old_one_only_once_it_has_something() {
    let folder = Folder::new("anew");
    recorded(&folder.file(), &[json!("old")]).await;
    let old = fs::read_to_string(folder.file()).expect("it goes well");
    let recording = Cassette::record(folder.file(), Server::default()).expect("it goes well");
    assert_eq!(fs::read_to_string(folder.file()).expect("it goes well"), old);
    sent(&recording, &json!("new")).await.expect("it goes well");
    let written: Value =
        serde_json::from_str(&fs::read_to_string(folder.file()).expect("it goes well")).expect("it goes well");
    assert_eq!(written["version"], 1);
    assert_eq!(written["exchanges"].as_array().map(Vec::len), Some(1));
    assert_eq!(written["exchanges"][0]["request"]["body"]["json"], "new");
    assert_eq!(folder.names(), ["chat.json"]);
}

#[tokio::test(start_paused = true)]
async fn a_missing_cassette_is_recorded_and_one_that_is_there_replayed() {
    let folder = Folder::new("auto");
    let missing = Cassette::replay(folder.file()).expect_err("it fails").to_string();
    assert!(
        missing.contains("chat.json is not there: to record it again, run with PENGUIFLOW_CASSETTES=record"),
        "{missing}"
    );
    // What the environment of the tests says would decide: the pure function behind it has tests of its own.
    if std::env::var_os("PENGUIFLOW_CASSETTES").is_none() {
        let server = Server::default();
        let first = Cassette::auto(folder.file(), server.clone()).expect("it goes well");
        sent(&first, &json!(1)).await.expect("it goes well");
        let second = Cassette::auto(folder.file(), NoNetwork).expect("it goes well");
        assert_eq!(sent(&second, &json!(1)).await.expect("it goes well"), b"1");
        assert_eq!((first.is_recording(), second.is_recording(), server.calls()), (true, false, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_without_end_is_not_kept_without_end() {
    let folder = Folder::new("endless");
    struct Endless;
    impl Transport for Endless {
        fn send(&self, _: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>> {
            let body = stream::repeat_with(|| Ok(vec![b'a'; 8 * 1024 * 1024])).boxed();
            async { Ok(HttpReply::new(200, Headers::default(), body)) }.boxed()
        }
    }
    let recording = Cassette::record(folder.file(), Endless).expect("it goes well");
    let (pieces, error) = bytes(recording.send(request(&json!({}))).await.expect("it goes well").body).await;
    assert_eq!((pieces.len(), error.map(|error| error.kind().clone())), (8, Some(LlmErrorKind::TooLarge)));
}

#[test]
fn nothing_of_a_secret_is_shown_by_debug() {
    let folder = Folder::new("debug");
    let cassette =
        Cassette::record(folder.file(), NoNetwork).expect("it goes well").redacting(Secret::from("hunter2-hunter2"));
    let shown = format!("{cassette:?}");
    assert!(shown.contains("chat.json") && !shown.contains("hunter2"), "{shown}");
}
