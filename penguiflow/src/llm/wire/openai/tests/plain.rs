//! Plain chunks, and what they mean as trees. Unit tests.

use crate::llm::chat::event::ChatEvent;
use crate::llm::wire::openai::answer::Steps;
use crate::llm::wire::openai::plain::Chunk;
use serde_json::{Value, json};

fn chunk(delta: Value) -> Value {
    json!({
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_764_190_000,
        "model": "gpt-4o-mini-2024-07-18",
        "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": null }],
        "usage": null,
    })
}

/// What both ways tell of chunks, one behind the other, and of the end.
fn told(think_tags: bool, chunks: &[Value], plain: bool) -> Vec<ChatEvent> {
    let (mut steps, mut told) = (Steps::new(think_tags), Vec::new());
    for chunk in chunks {
        let data = chunk.to_string();
        match plain {
            true => steps.plain(Chunk::read(&data).unwrap_or_else(|| panic!("{data} is plain")), &mut told),
            false => steps.chunk(chunk, &mut told).expect("it is a chunk"),
        }
    }
    let mut last = chunk(json!({}));
    last["choices"][0]["finish_reason"] = "stop".into();
    steps.chunk(&last, &mut told).and_then(|()| steps.done(&mut told)).expect("it ends");
    told
}

#[test]
fn plain_chunks_tell_what_their_trees_tell() {
    let words = |delta| vec![chunk(json!({ "role": "assistant", "content": "", "refusal": null })), chunk(delta)];
    let call = |call: Value| chunk(json!({ "tool_calls": [call] }));
    let answers = [
        words(json!({ "content": " krill\n\"🐧" })),
        words(json!({ "content": "<thi" }))
            .into_iter()
            .chain([chunk(json!({ "content": "nk>fish</think> ok" }))])
            .collect(),
        words(json!({ "reasoning_content": "", "reasoning": "hm", "content": null })),
        words(json!({ "reasoning_content": "hm", "content": "ok", "tool_calls": null })),
        vec![
            call(
                json!({ "index": 0, "id": "call_1", "type": "function", "function": { "name": "a", "arguments": "" } }),
            ),
            call(json!({ "index": 0, "function": { "arguments": "{\"b\":" } })),
            call(json!({ "index": 0, "id": null, "function": { "name": null, "arguments": "\"\\n\"}" } })),
            call(json!({ "index": 1, "id": "call_2", "type": "function", "function": { "name": "b" } })),
            call(json!({ "index": 1, "function": { "arguments": "{}" } })),
        ],
        vec![json!({ "choices": [{ "delta": { "content": "no names" } }] })],
    ];
    for (chunks, think_tags) in answers.iter().flat_map(|chunks| [(chunks, false), (chunks, true)]) {
        let (plain, trees) = (told(think_tags, chunks, true), told(think_tags, chunks, false));
        assert!(plain.len() > 1, "{plain:?}");
        assert_eq!(plain, trees);
    }
}

#[test]
fn what_says_more_is_not_plain() {
    let with = |at: &str, value: Value| {
        let mut chunk = chunk(json!({ "content": "krill" }));
        *chunk.pointer_mut(at).expect("is there") = value;
        chunk
    };
    let others = [
        with("/usage", json!({ "prompt_tokens": 1, "completion_tokens": 1 })),
        with("/choices/0/finish_reason", "stop".into()),
        with("/choices/0/index", 1.into()),
        with("/choices/0/delta", json!({ "content": [{ "type": "text", "text": "a" }] })),
        with("/choices/0/delta", json!({ "reasoning_details": [] })),
        with("/choices/0/delta", json!({ "refusal": "no" })),
        with("/choices/0/delta", json!({ "what_is_new": "no" })),
        with("/choices/0/delta", json!(["krill", null, null, null, null, null, null, null, null])),
        with("/choices/0/delta", json!({ "tool_calls": [{ "index": 0, "function": { "arguments": {} } }] })),
        with("/choices", json!([])),
        with("/object", "error".into()),
        json!({ "error": { "message": "no" }, "choices": [{ "delta": { "content": "a" } }] }),
        json!({ "choices": [{ "delta": { "content": "a" }, "error": { "message": "no" } }] }),
        json!({ "x_groq": { "usage": {} }, "choices": [{ "delta": { "content": "a" } }] }),
        json!([null, null, null, [{ "delta": { "content": "a" } }]]),
    ];
    for other in others {
        assert!(Chunk::read(&other.to_string()).is_none(), "{other}");
    }
}
