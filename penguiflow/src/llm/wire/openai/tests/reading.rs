//! Answers, in whichever way servers write them.

use crate::llm::chat::event::ChatEvent;
use crate::llm::chat::usage::{Finish, Usage};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::wire::Wire as _;
use crate::llm::wire::frames::Frame;
use crate::llm::wire::openai::Chat;
use crate::llm::wire::openai::form::OPENAI;
use proptest::prelude::*;
use serde_json::{Value, json};

fn frame(data: &Value) -> Frame {
    Frame { event: String::new(), data: data.to_string() }
}

/// Reads chunks and then `[DONE]`.
fn read(chunks: &[Value]) -> Result<Vec<ChatEvent>, LlmError> {
    let (mut reader, mut told) = (Chat::new(OPENAI, false).reader(), Vec::new());
    for chunk in chunks {
        reader.frame(&frame(chunk), &mut told)?;
    }
    reader.frame(&Frame { event: String::new(), data: "[DONE]".to_owned() }, &mut told)?;
    Ok(told)
}

fn whole(value: &Value) -> Result<Vec<ChatEvent>, LlmError> {
    Chat::new(OPENAI, false).read(value.to_string().as_bytes())
}

fn delta(delta: &Value) -> Value {
    json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}]})
}

fn over(reason: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
}

fn piece(call: &Value) -> Value {
    delta(&json!({"tool_calls": [call]}))
}

fn call(part: u32, id: &str, name: &str) -> ChatEvent {
    ChatEvent::ToolCall { part, id: id.to_owned(), name: name.to_owned() }
}

fn arguments(part: u32, json: &str) -> ChatEvent {
    ChatEvent::Arguments { part, json: json.to_owned() }
}

fn text(part: u32, text: &str) -> ChatEvent {
    ChatEvent::Text { part, text: text.to_owned() }
}

fn thought(part: u32, text: &str) -> ChatEvent {
    ChatEvent::Reasoning { part, text: text.to_owned() }
}

fn finish(told: &[ChatEvent]) -> Finish {
    match told.last() {
        Some(ChatEvent::End(end)) => end.finish.clone(),
        other => panic!("no end, but {other:?}"),
    }
}

fn usage(of: &Value) -> Option<Usage> {
    let told = read(&[over("stop"), json!({"choices": [], "usage": of})]).expect("is read");
    match told.last() {
        Some(ChatEvent::End(end)) => end.usage,
        other => panic!("no end, but {other:?}"),
    }
}

#[test]
fn calls_are_told_apart_by_their_index_while_they_are_written_at_the_same_time() {
    let told = read(&[
        delta(&json!({"role": "assistant", "content": "Let me see."})),
        piece(&json!({"index": 0, "id": "a", "type": "function", "function": {"name": "weather", "arguments": ""}})),
        piece(&json!({"index": 0, "function": {"arguments": "{\"city\":"}})),
        piece(&json!({"index": 1, "id": "b", "type": "function", "function": {"name": "time", "arguments": ""}})),
        piece(&json!({"index": 1, "function": {"arguments": "{}"}})),
        piece(&json!({"index": 0, "function": {"arguments": "\"Rom\"}"}})),
        over("tool_calls"),
    ]);
    let told = told.expect("is read");
    let expected = [
        text(0, "Let me see."),
        call(1, "a", "weather"),
        arguments(1, "{\"city\":"),
        call(2, "b", "time"),
        arguments(2, "{}"),
        arguments(1, "\"Rom\"}"),
    ];
    assert_eq!((&told[..6], finish(&told)), (&expected[..], Finish::ToolCalls));
}

#[test]
fn calls_that_come_at_once_unnumbered_or_all_numbered_zero_are_calls_of_their_own() {
    let one = |id: &str, index: Option<u32>| {
        let mut call = json!({"id": id, "function": {"name": "f", "arguments": "{}"}});
        if let Some(index) = index {
            call["index"] = json!(index);
        }
        call
    };
    let expected = [call(0, "a", "f"), arguments(0, "{}"), call(1, "b", "f"), arguments(1, "{}")];
    for index in [None, Some(0)] {
        let at_once = delta(&json!({"tool_calls": [one("a", index), one("b", index)]}));
        let told = read(&[at_once, over("stop")]).expect("is read");
        assert_eq!((&told[..4], finish(&told)), (&expected[..], Finish::ToolCalls));
        let told = read(&[piece(&one("a", index)), piece(&one("b", index)), over("tool_calls")]).expect("is read");
        assert_eq!(&told[..4], &expected);
    }
    // Two calls of the same tool without any id are two.
    let nameless = json!({"function": {"name": "f", "arguments": "{}"}});
    let told = read(&[piece(&nameless), piece(&nameless), over("tool_calls")]).expect("is read");
    assert_eq!(&told[..4], &[call(0, "", "f"), arguments(0, "{}"), call(1, "", "f"), arguments(1, "{}")]);
    // Without index and id a piece belongs to the call before.
    let told = read(&[
        piece(&one("a", None)),
        piece(&json!({"function": {"arguments": " "}})),
        piece(&json!({"id": "a", "function": {"name": "f", "arguments": "\n"}})),
        over("tool_calls"),
    ]);
    let expected = [call(0, "a", "f"), arguments(0, "{}"), arguments(0, " "), arguments(0, "\n")];
    assert_eq!(told.expect("is read")[..4], expected);
}

#[test]
fn a_name_that_comes_late_is_waited_for_and_one_that_never_comes_is_an_error() {
    let early = piece(&json!({"index": 0, "id": "a", "function": {"arguments": "{"}}));
    let late = piece(&json!({"index": 0, "function": {"name": "f", "arguments": "}"}}));
    let told = read(&[early.clone(), late, over("tool_calls")]).expect("is read");
    assert_eq!(&told[..2], &[call(0, "a", "f"), arguments(0, "{}")]);
    let error = read(&[early, over("tool_calls")]).expect_err("there is no name");
    assert_eq!(error.kind(), &LlmErrorKind::ContentParse);
}

#[test]
fn arguments_that_are_json_in_the_json_are_taken_as_they_are_meant() {
    let told =
        read(&[piece(&json!({"index": 0, "id": "a", "function": {"name": "f", "arguments": {"x": 1}}})), over("stop")]);
    assert_eq!(told.expect("is read")[1], arguments(0, "{\"x\":1}"));
}

#[test]
fn thoughts_are_read_from_each_field_that_servers_have_for_them() {
    for field in ["reasoning_content", "reasoning"] {
        let told = read(&[
            delta(&json!({field: "Hm", "content": null})),
            delta(&json!({field: "m.", "content": ""})),
            delta(&json!({"content": "Krill."})),
            over("stop"),
        ]);
        assert_eq!(told.expect("is read")[..3], [thought(0, "Hm"), thought(0, "m."), text(1, "Krill.")]);
    }
    let both = delta(&json!({"reasoning_content": "once", "reasoning": "once", "content": "x"}));
    assert_eq!(read(&[both, over("stop")]).expect("is read")[..2], [thought(0, "once"), text(1, "x")]);
    let listed = json!({"content": [
        {"type": "thinking", "thinking": [{"type": "text", "text": "as Mistral"}]},
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": ", as Databricks"}]},
        {"type": "text", "text": "Krill."},
        {"type": "reference", "reference_ids": [1]},
    ]});
    let told = whole(&json!({"choices": [{"message": listed, "finish_reason": "stop"}]})).expect("is read");
    assert_eq!(told[..3], [thought(0, "as Mistral"), thought(0, ", as Databricks"), text(1, "Krill.")]);
}

#[test]
fn blocks_of_thoughts_that_open_router_wants_back_are_put_together() {
    let piece = |piece: Value| delta(&json!({"reasoning_details": [piece]}));
    let told = read(&[
        delta(
            &json!({"reasoning": "Hm", "reasoning_details": [{"type": "reasoning.text", "index": 0, "text": "Hm", "signature": null}]}),
        ),
        piece(json!({"type": "reasoning.text", "index": 0, "text": "m", "format": "anthropic-claude-v1"})),
        piece(json!({"type": "reasoning.text", "index": 0, "signature": "sig"})),
        delta(&json!({"content": "Krill."})),
        piece(json!({"type": "reasoning.encrypted", "index": 1, "data": "x"})),
        over("stop"),
    ]);
    let told = told.expect("is read");
    let [.., ChatEvent::Signature { part: 0, signature }, ChatEvent::End(_)] = told.as_slice() else {
        panic!("no signature of the thoughts, but {told:?}");
    };
    let block = json!({"type": "reasoning.text", "index": 0, "text": "Hmm", "signature": "sig", "format": "anthropic-claude-v1"});
    let expected = json!([block, {"type": "reasoning.encrypted", "index": 1, "data": "x"}]);
    assert_eq!(signature.of("openrouter"), Some(&expected));
}

#[test]
fn reasons_of_the_end_are_told_as_what_they_mean() {
    let table = [
        ("stop", Finish::Stop),
        ("eos", Finish::Stop),
        ("tool_calls", Finish::ToolCalls),
        ("function_call", Finish::ToolCalls),
        ("length", Finish::Length),
        ("model_length", Finish::Length),
        ("content_filter", Finish::ContentFilter),
        ("moonlight", Finish::Other("moonlight".to_owned())),
    ];
    for (reason, expected) in table {
        assert_eq!(finish(&read(&[over(reason)]).expect("is read")), expected, "{reason}");
    }
    let refused = [delta(&json!({"refusal": "I will not."})), over("stop")];
    let told = read(&refused).expect("is read");
    assert_eq!((&told[0], finish(&told)), (&text(0, "I will not."), Finish::Refusal));
    for reason in ["error", "insufficient_system_resource"] {
        let error = read(&[delta(&json!({"content": "Kri"})), over(reason)]).expect_err("it broke down");
        assert_eq!(error.kind().code(), "overloaded", "{reason}");
    }
}

#[test]
fn what_was_used_is_read_behind_the_reason_and_in_each_form() {
    let openai = json!({"prompt_tokens": 100, "completion_tokens": 30, "total_tokens": 130,
        "prompt_tokens_details": {"cached_tokens": 64}, "completion_tokens_details": {"reasoning_tokens": 20}});
    assert_eq!(usage(&openai), Some(Usage::new(100, 30).with_cached(64, 0).with_reasoning(20)));
    let xai = json!({"prompt_tokens": 100, "completion_tokens": 30, "total_tokens": 150,
        "completion_tokens_details": {"reasoning_tokens": 20}});
    assert_eq!(usage(&xai), Some(Usage::new(100, 50).with_reasoning(20)));
    let deepseek = json!({"prompt_tokens": 9, "completion_tokens": 1, "prompt_cache_hit_tokens": 8});
    assert_eq!(usage(&deepseek), Some(Usage::new(9, 1).with_cached(8, 0)));
    let open_router = json!({"prompt_tokens": 9.0, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 2, "cache_write_tokens": 3}});
    assert_eq!(usage(&open_router), Some(Usage::new(9, 1).with_cached(2, 3)));
    for nothing in
        [json!(null), json!({}), json!({"prompt_tokens": 0, "completion_tokens": 0}), json!({"prompt_tokens": -4})]
    {
        assert_eq!(usage(&nothing), None, "{nothing}");
    }
    let groq = json!({"choices": [{"delta": {}, "finish_reason": "stop"}], "x_groq": {"usage": {"prompt_tokens": 3, "completion_tokens": 2}}});
    let told = read(&[groq]).expect("is read");
    assert!(matches!(told.as_slice(), [ChatEvent::End(end)] if end.usage == Some(Usage::new(3, 2))), "{told:?}");
}

#[test]
fn an_error_in_the_place_of_an_answer_is_one_wherever_it_stands() {
    let limited = json!({"message": "slow down", "type": "tokens", "code": "rate_limit_exceeded"});
    let errors = [
        json!({"error": limited}),
        json!({"id": "x", "choices": [{"delta": {"content": ""}, "finish_reason": "error", "error": {"code": 429, "message": "slow down"}}]}),
        json!({"object": "error", "message": "slow down", "type": "TooManyRequests", "code": 429}),
    ];
    for error in errors {
        for told in [read(std::slice::from_ref(&error)), whole(&error)] {
            let told = told.expect_err("is an error");
            assert_eq!((told.kind().code(), told.message()), ("rate_limited", "slow down"), "{error}");
        }
    }
    let (mut reader, mut told) = (Chat::new(OPENAI, false).reader(), Vec::new());
    let named = Frame { event: "error".to_owned(), data: json!({"message": "gone", "code": 503}).to_string() };
    assert_eq!(reader.frame(&named, &mut told).expect_err("is an error").kind().code(), "overloaded");
}

#[test]
fn an_answer_that_does_not_say_why_it_ended_is_no_success() {
    let error = read(&[delta(&json!({"content": "Kri"}))]).expect_err("no reason");
    assert_eq!(error.kind(), &LlmErrorKind::Transport);
    let (mut reader, mut told) = (Chat::new(OPENAI, false).reader(), Vec::new());
    reader.frame(&frame(&over("stop")), &mut told).expect("is read");
    reader.close(&mut told).expect("is no error by itself");
    assert_eq!(told, [], "the usage may be missing");
    let used = json!({"choices": null, "usage": {"prompt_tokens": 1, "completion_tokens": 1}});
    reader.frame(&frame(&used), &mut told).expect("is read");
    reader.close(&mut told).expect("is complete");
    assert_eq!(finish(&told), Finish::Stop);
}

#[test]
fn what_is_no_answer_is_an_error() {
    for (body, code) in [
        ("", "transport"),
        ("{\"choices\": [", "transport"),
        ("<html>", "content_parse"),
        ("{}", "content_parse"),
        ("[1]", "content_parse"),
        ("{\"choices\": []}", "content_parse"),
    ] {
        let error = Chat::new(OPENAI, false).read(body.as_bytes()).expect_err("is no answer");
        assert_eq!(error.kind().code(), code, "{body}");
    }
    let error = read(&[json!([1])]).expect_err("is no chunk");
    assert_eq!(error.kind(), &LlmErrorKind::ContentParse);
    // Choices beside the first were not asked for.
    let second = json!({"choices": [{"index": 1, "delta": {"content": "x"}, "finish_reason": "stop"}]});
    assert_eq!(read(&[second, over("length")]).expect("is read").len(), 1);
}

fn any_json() -> impl Strategy<Value = Value> {
    let names = [
        "choices",
        "delta",
        "message",
        "content",
        "tool_calls",
        "function",
        "name",
        "arguments",
        "index",
        "id",
        "finish_reason",
        "usage",
        "prompt_tokens",
        "error",
        "reasoning_details",
        "type",
        "text",
        "code",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z<>/]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((proptest::sample::select(names.to_vec()), inner), 0..6)
                .prop_map(|all| all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_breaks_a_reader(chunks in proptest::collection::vec(any_json(), 0..6), think in any::<bool>()) {
        let chat = Chat::new(OPENAI, think);
        let (mut reader, mut told) = (chat.reader(), Vec::new());
        for chunk in &chunks {
            let _ = chat.read(chunk.to_string().as_bytes());
            let inside = json!({"choices": [{"delta": chunk}]});
            if reader.frame(&frame(chunk), &mut told).and_then(|()| reader.frame(&frame(&inside), &mut told)).is_err() {
                break;
            }
        }
        let _ = reader.close(&mut told);
        prop_assert!(told.iter().filter(|event| matches!(event, ChatEvent::End(_))).count() <= 1);
    }
}
