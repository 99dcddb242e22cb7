//! The written form of chunks.

use super::{Chunk, Next, Piece, StreamId};
use crate::message::Meta;
use proptest::prelude::*;
use serde_json::{Value, json};

fn chunk() -> impl Strategy<Value = Chunk> {
    let names = (any::<String>(), any::<String>(), 1u32..4);
    let meta = prop::collection::vec((any::<String>(), any::<String>()), 0..3);
    (names, any::<u64>(), any::<String>(), meta, 0u8..3).prop_map(|((id, name, attempt), seq, text, meta, end)| Chunk {
        stream: StreamId::of_attempt(id, name, attempt),
        seq,
        text,
        done: end > 0,
        aborted: end > 1,
        meta: Meta::from_iter(meta),
    })
}

proptest! {
    #[test]
    fn what_is_written_of_a_chunk_is_read_again(chunk in chunk()) {
        let text = serde_json::to_string(&chunk).expect("is written");
        prop_assert_eq!(serde_json::from_str::<Chunk>(&text).expect("is read"), chunk);
    }

    /// core:AC-14.6
    #[test]
    fn a_web_socket_message_is_the_chunk_on_one_line_with_the_extra_entries(chunk in chunk(), extra in any::<String>()) {
        let text = chunk.to_ws_json(&Meta::from_iter([("extra", extra.as_str()), ("seq", "mine")]));
        prop_assert!(!text.contains(['\n', '\r']));
        let mut value: Value = serde_json::from_str(&text).expect("is JSON");
        prop_assert_eq!(value.as_object_mut().expect("an object").remove("extra"), Some(json!(extra)));
        prop_assert_eq!(value, serde_json::to_value(&chunk).expect("is written"));
    }
}

/// core:AC-14.6
#[test]
fn every_field_stands_in_a_web_socket_message_also_where_it_is_empty_and_no_letter_is_escaped() {
    let extra = Meta::from_iter([("trace_id", json!("t-1")), ("retry", json!({ "in": 3 }))]);
    let message = Chunk::new("s", 0, "pingüino 🐧").to_ws_json(&extra);
    let text =
        r#"{"stream_id":"s","seq":0,"text":"pingüino 🐧","done":false,"meta":{},"retry":{"in":3},"trace_id":"t-1"}"#;
    assert_eq!(message, text);
    let last = Chunk { done: true, meta: Meta::from_iter([("tokens", 3)]), ..Chunk::new("s", 1, "") };
    let text = r#"{"stream_id":"s","seq":1,"text":"","done":true,"meta":{"tokens":3}}"#;
    assert_eq!(last.to_ws_json(&Meta::default()), text);
}

/// core:AC-2.5
#[test]
fn a_chunk_of_three_fields_is_not_the_last_one_and_carries_no_meta() {
    let chunk = Chunk::new("answer", 0, "warm");
    assert_eq!((chunk.stream.id(), chunk.seq, chunk.text.as_str()), ("answer", 0, "warm"));
    assert_eq!((chunk.done, chunk.aborted, chunk.meta.is_empty()), (false, false, true));
    assert_eq!((chunk.stream.name(), chunk.stream.attempt()), ("answer", 1));
}

#[test]
fn what_others_wrote_is_read_and_what_they_left_out_has_its_default() {
    let read = |text: &str| serde_json::from_str::<Chunk>(text);
    let plain = read(r#"{"stream_id":"t","seq":3,"text":"x","done":true,"meta":{"a":1},"ts":1.5}"#).expect("is read");
    assert_eq!((plain.stream, plain.done, plain.aborted), (StreamId::new("t"), true, false));
    let ours = r#"{"stream_id":"5#0","name":"answer","attempt":2,"seq":3,"text":"","aborted":true}"#;
    let ours = read(ours).expect("is read");
    assert_eq!((ours.stream.to_string(), ours.stream.name()), ("5#0~2".to_owned(), "answer"));
    assert!(ours.done && ours.aborted, "what is aborted is done");
    for broken in
        [r#"{"seq":0,"text":""}"#, r#"{"stream_id":"a","text":""}"#, r#"{"stream_id":"a","seq":-1,"text":""}"#]
    {
        assert!(read(broken).is_err(), "{broken}");
    }
}

#[test]
fn text_and_pieces_are_pieces_that_go_on() {
    let more = |text: &str| Next::More(Piece::new(text));
    assert_eq!(
        [Next::from("a"), Next::from("a".to_owned()), Next::from(Piece::new("a"))],
        [more("a"), more("a"), more("a")]
    );
    assert_eq!(Piece::of_meta(Meta::from_iter([("a", 1)])), Piece::default().with_meta("a", 1));
}
