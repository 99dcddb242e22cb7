//! The way to the network, to a server on this machine.

use futures_util::StreamExt as _;
use penguiflow::clock::Seam;
use penguiflow::llm::{
    Call, ChatEvent, ChatRequest, LlmError, LlmErrorKind, Model, ModelStream, Provider, ProviderModel,
};
use penguiflow::secret::Secret;
use server::{Server, Visit};
use std::net::TcpListener;
use std::sync::Arc;

mod server;

const BEGUN: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Kri\"},\"finish_reason\":null}]}\n\n";
const ENDED: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ll\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

fn model(url: &str) -> ProviderModel {
    let provider = Provider::compatible("local", &format!("{url}/v1")).expect("is a URL");
    provider.with_key(Secret::new("sk-hunter2hunter2".to_owned())).model("m").expect("is a model")
}

fn ask(model: &ProviderModel) -> ModelStream {
    model.stream(Arc::new(ChatRequest::from("hello")), Call::new(Seam::system()))
}

async fn error(model: &ProviderModel) -> LlmError {
    let heard: Vec<_> = ask(model).collect().await;
    heard.into_iter().find_map(Result::err).expect("it fails")
}

fn text(event: Option<Result<ChatEvent, LlmError>>) -> String {
    event.expect("there is one").expect("is no error").as_text().expect("is text").to_owned()
}

#[tokio::test]
async fn an_answer_is_heard_while_it_is_written() {
    let server = Server::start(|visit: &mut Visit| {
        visit.read();
        visit.head(200, "text/event-stream");
        visit.chunk(BEGUN);
        visit.wait();
        visit.chunk(ENDED);
        visit.chunk("");
    });
    let mut answer = ask(&model(&server.url));
    assert_eq!(text(answer.next().await), "Kri");
    server.go_on();
    assert_eq!(text(answer.next().await), "ll");
    assert!(matches!(answer.next().await, Some(Ok(ChatEvent::End(_)))));
    assert!(answer.next().await.is_none());
    let request = server.next();
    let head = request.to_ascii_lowercase();
    assert!(request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{request}");
    assert!(head.contains("\r\ncontent-type: application/json\r\n"), "{request}");
    assert!(head.contains("\r\nauthorization: bearer sk-hunter2hunter2\r\n"), "{request}");
    assert!(request.ends_with("\"stream_options\":{\"include_usage\":true}}"), "{request}");
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = Server::start(|visit: &mut Visit| {
        while visit.read() {
            visit.whole(200, "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}");
        }
    });
    let model = model(&server.url);
    for _ in 0..3 {
        let call = Call::new(Seam::system()).with_delivery(penguiflow::llm::Delivery::Whole);
        let heard: Vec<_> = model.stream(Arc::new(ChatRequest::from("hello")), call).collect().await;
        assert!(heard.iter().all(Result::is_ok), "{heard:?}");
    }
    assert_eq!((server.all().len(), server.visits()), (3, 1));
}

/// Runs the test before in a program whose environment names a proxy that is not there.
#[test]
fn what_is_not_encrypted_passes_no_proxy() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port");
    let this = std::env::current_exe().expect("runs");
    let run = std::process::Command::new(this)
        .args(["--exact", "llm::network::connections_are_used_again"])
        .env("HTTP_PROXY", format!("http://{nobody}"))
        .env("http_proxy", format!("http://{nobody}"))
        .output()
        .expect("runs");
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && told.contains("1 passed"), "{told}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let thief = Server::start(|visit: &mut Visit| {
        visit.read();
    });
    let there = thief.url.clone();
    let server = Server::start(move |visit: &mut Visit| {
        visit.read();
        visit.raw(&format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {there}/v1\r\ncontent-length: 0\r\n\r\n"));
    });
    let error = error(&model(&server.url)).await;
    assert_eq!((error.kind(), error.status()), (&LlmErrorKind::InvalidRequest { field: None }, Some(307)));
    assert_eq!(error.message(), "it answers with a redirect, and none is followed");
    assert_eq!((server.all().len(), thief.visits()), (1, 0));
}

#[tokio::test]
async fn what_broke_is_told_apart_and_no_secret_is_told() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port");
    let hasty = Server::start(|visit: &mut Visit| {
        visit.read();
    });
    let broken = Server::start(|visit: &mut Visit| {
        visit.read();
        visit.head(200, "text/event-stream");
        visit.chunk(BEGUN);
    });
    let plain = Server::start(|visit: &mut Visit| {
        visit.read_record();
        visit.raw("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        visit.read();
    });
    let table = [
        (format!("http://{nobody}"), "no connection could be made (127.0.0.1)"),
        (hasty.url.clone(), "the connection broke before there was an answer (127.0.0.1)"),
        (broken.url.clone(), "the answer broke off"),
        (plain.url.replace("http:", "https:"), "no encrypted connection could be made (127.0.0.1)"),
    ];
    for (url, message) in table {
        let error = error(&model(&url)).await;
        assert_eq!((error.kind(), error.message()), (&LlmErrorKind::Transport, message));
        let told = format!("{error} {error:?}");
        assert!(!told.contains("hunter2") && !told.contains("/v1"), "{told}");
    }
    assert_eq!(hasty.all().len(), 1, "nothing is sent twice");
}

#[tokio::test]
async fn what_was_heard_before_the_connection_broke_is_kept() {
    let server = Server::start(|visit: &mut Visit| {
        visit.read();
        visit.head(200, "text/event-stream");
        visit.chunk(BEGUN);
    });
    let heard: Vec<_> = ask(&model(&server.url)).collect().await;
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].as_ref().expect("is text").as_text(), Some("Kri"));
    assert_eq!(heard[1].as_ref().expect_err("is an error").kind(), &LlmErrorKind::Transport);
}

#[tokio::test]
async fn dropping_an_answer_drops_its_connection() {
    let server = Server::start(|visit: &mut Visit| {
        visit.read();
        visit.head(200, "text/event-stream");
        visit.chunk(BEGUN);
        // Comes back when the other side is gone.
        visit.read();
    });
    let mut answer = ask(&model(&server.url));
    assert_eq!(text(answer.next().await), "Kri");
    drop(answer);
    server.left().await;
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_an_error() {
    let server = Server::start(|visit: &mut Visit| {
        visit.read();
    });
    let provider = Provider::compatible("local", &server.url).expect("is a URL").with_header("x-bad", "a\r\nb: c");
    let error = error(&provider.model("m").expect("is a model")).await;
    assert_eq!(error.kind(), &LlmErrorKind::InvalidRequest { field: Some("headers".to_owned()) });
    assert_eq!(server.visits(), 0);
}
