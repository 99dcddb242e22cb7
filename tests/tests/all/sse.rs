//! Server-sent events as a client sees them that reads by the standard.

use penguiflow::Chunk;
use penguiflow::clock::{millis, secs};
use penguiflow::sse::{self, Event};
use proptest::prelude::*;
use standard::interpret;

mod standard;

/// core:AC-14.5
#[test]
fn a_chunk_is_an_event_of_its_kind_with_an_id_and_all_that_it_says_as_json() {
    let mut chunk = Chunk::new("2#0", 7, "pingüino");
    let frame = "event: chunk\nid: 2#0.7\ndata: {\"stream_id\":\"2#0\",\"seq\":7,\"text\":\"pingüino\",\"done\":false,\"meta\":{}}\n\n";
    assert_eq!(sse::encode(&chunk), frame);
    chunk.done = true;
    chunk.meta.insert("tokens", 3);
    let frame = "event: done\nid: 2#0.7\ndata: {\"stream_id\":\"2#0\",\"seq\":7,\"text\":\"pingüino\",\"done\":true,\"meta\":{\"tokens\":3}}\n\n";
    assert_eq!(sse::encode(&chunk), frame);
    chunk.aborted = true;
    assert!(sse::encode(&chunk).starts_with("event: done\n") && sse::encode(&chunk).contains(r#""aborted":true"#));
    let custom =
        Event::of(&chunk).with_event("token").expect("a name").with_id("9").expect("an id").with_retry(millis(1_500));
    assert!(custom.to_string().starts_with("event: token\nid: 9\nretry: 1500\ndata: {"));
    assert!(custom.to_string().ends_with("}\n\n"));
}

#[test]
fn a_later_attempt_has_ids_of_its_own() {
    let again = serde_json::from_str::<Chunk>(r#"{"stream_id":"5#0","attempt":3,"seq":1,"text":""}"#).expect("is read");
    assert_eq!(interpret(&sse::encode(&again)).events[0].last_event_id, "5#0~3.1");
}

#[test]
fn a_name_or_an_id_that_would_break_the_frame_is_refused_with_what_is_wrong() {
    for broken in ["a\nb", "a\rdata: b", "\0", "a\r\n\r\nevent: done"] {
        let error = Event::new("x").with_event(broken).expect_err("is refused");
        assert_eq!((error.field, error.value.as_str()), ("event", broken));
        assert_eq!(Event::new("x").with_id(broken).expect_err("is refused").field, "id");
    }
    let told = Event::new("x").with_id("a\nb").expect_err("is refused").to_string();
    assert_eq!(told, r#"the `id` of a server-sent event stands on one line and has no NUL, but this one is "a\nb""#);
    let chunk = Chunk::new("a\r\n\r\ndata: b\0", 0, "x");
    let client = interpret(&sse::encode(&chunk));
    assert_eq!((client.events.len(), client.events[0].last_event_id.as_str()), (1, "adata: b.0"));
    assert_eq!(
        serde_json::from_str::<Chunk>(&client.events[0].data).expect("is a chunk"),
        chunk,
        "the data has it whole"
    );
}

#[test]
fn spaces_at_the_beginning_of_a_line_stay() {
    let event = Event::new("  a\n b\n").with_event(" name").expect("a name");
    let client = interpret(&event.to_string());
    assert_eq!((client.events[0].event.as_str(), client.events[0].data.as_str()), (" name", "  a\n b\n"));
}

/// Text with the ends of lines, of events and of fields in it.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "data: ",
            "event: done\n",
            ":",
            " ",
            "\u{feff}",
            "\0",
            "\u{2028}",
            "🐧"
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

fn chunk() -> impl Strategy<Value = Chunk> {
    (text(), any::<u64>(), text(), text(), any::<bool>()).prop_map(|(id, seq, text, meta, done)| {
        let mut chunk = Chunk::new(id, seq, text);
        chunk.done = done;
        chunk.meta.insert("m", meta);
        chunk
    })
}

proptest! {
    /// core:W-17
    #[test]
    fn chunks_of_any_text_arrive_as_they_were(chunks in prop::collection::vec((chunk(), text()), 0..5)) {
        let mut stream = String::new();
        for (chunk, comment) in &chunks {
            stream.push_str(&sse::encode(chunk));
            stream.push_str(&sse::comment(comment));
        }
        let client = interpret(&stream);
        prop_assert_eq!(client.events.len(), chunks.len());
        for (event, (chunk, _)) in client.events.iter().zip(&chunks) {
            prop_assert_eq!(&serde_json::from_str::<Chunk>(&event.data).expect("is a chunk"), chunk);
            prop_assert_eq!(event.event == "done", chunk.done);
        }
    }

    /// core:W-17
    #[test]
    fn data_of_any_text_arrives_with_its_lines_and_ends_no_event_early(data in text()) {
        let frame = Event::new(data.as_str()).with_retry(secs(2)).to_string();
        let client = interpret(&frame);
        prop_assert_eq!(client.events.len(), 1);
        prop_assert_eq!(&client.events[0].data, &data.replace("\r\n", "\n").replace('\r', "\n"));
        prop_assert_eq!(client.retry_ms, Some(2_000));
    }
}
