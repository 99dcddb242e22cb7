//! What is written to Converse, and what its answers are taken for. Unit tests.

use super::Converse;
use crate::llm::chat::media::{Audio, Image};
use crate::llm::chat::message::{Cache, ChatMessage};
use crate::llm::chat::part::{Part, Reasoning, Signature, ToolCall, ToolResult};
use crate::llm::chat::request::{ChatRequest, Effort, Output, OutputSpec};
use crate::llm::chat::tool::{ToolChoice, ToolSpec};
use crate::llm::chat::usage::{Finish, Usage};
use crate::llm::error::{LlmErrorKind, Patience};
use crate::llm::model::Delivery;
use crate::llm::profile::{Profile, ReasoningStyle};
use crate::llm::wire::driver::{body, encode, exception, fault, message, read, stream, target};
use serde_json::{Value, json};

/// Of a model that sees and listens.
fn plain() -> Profile {
    Profile { images: true, audio: true, ..Profile::default() }
}

fn written(request: &ChatRequest) -> Value {
    body(&Converse, plain(), request).expect("it can be written")
}

fn refused(profile: Profile, request: &ChatRequest) -> LlmErrorKind {
    body(&Converse, profile, request).expect_err("it cannot be written").kind().clone()
}

fn look() -> ToolSpec {
    ToolSpec::new("look", "Looks.", json!({ "type": "object", "properties": {} }))
}

#[test]
fn the_model_stands_in_the_path_and_the_key_is_a_bearer() {
    let model = "us.anthropic.claude-x-v1:0";
    let of = |delivery| encode(&Converse, &target(model, plain()), &"Hi".into(), delivery).expect("it can");
    let sent = of(Delivery::Streamed);
    assert_eq!(sent.url, "https://models.example/model/us.anthropic.claude-x-v1%3A0/converse-stream");
    assert_eq!((sent.secret("authorization"), sent.open("x-team")), (Some("Bearer the-key"), Some("penguins")));
    assert_eq!(sent.open("accept"), Some("application/vnd.amazon.eventstream"));
    assert_eq!(sent.body, json!({ "messages": [{ "role": "user", "content": [{ "text": "Hi" }] }] }));
    assert!(of(Delivery::Whole).url.ends_with("%3A0/converse"));
}

/// tooling:2.4 weak
#[test]
fn every_system_message_is_sent_and_places_to_cache_stand_behind_them() {
    let request = ChatRequest::new([
        ChatMessage::system("one"),
        ChatMessage::user("a"),
        ChatMessage::system("two").with_cache(Cache::Hour),
        ChatMessage::user("b").with_cache(Cache::Short),
    ]);
    let body = written(&request);
    let point = json!({ "cachePoint": { "type": "default", "ttl": "1h" } });
    assert_eq!(body["system"], json!([{ "text": "one" }, { "text": "two" }, point]));
    let content = json!([{ "text": "a" }, { "text": "b" }, { "cachePoint": { "type": "default" } }]);
    assert_eq!(body["messages"], json!([{ "role": "user", "content": content }]));
}

#[test]
fn results_of_one_turn_are_one_message_and_stand_first() {
    let (one, two) = (ToolCall::new("t1", "look", ""), ToolCall::new("t2", "look", r#"{"at": 1}"#));
    let request = ChatRequest::new([
        ChatMessage::assistant("b").with(one.clone()).with(two.clone()),
        ChatMessage::user("hurry"),
        ChatMessage::tool(ToolResult::text(&one, "x").with(Image::bytes("image/png", vec![1, 2, 3]))),
        ChatMessage::tool(ToolResult::error(&two, "no")),
    ]);
    let calls = json!([
        { "text": "b" },
        { "toolUse": { "toolUseId": "t1", "name": "look", "input": {} } },
        { "toolUse": { "toolUseId": "t2", "name": "look", "input": { "at": 1 } } },
    ]);
    let image = json!({ "image": { "format": "png", "source": { "bytes": "AQID" } } });
    let results = json!([
        { "toolResult": { "toolUseId": "t1", "content": [{ "text": "x" }, image] } },
        { "toolResult": { "toolUseId": "t2", "content": [{ "text": "no" }], "status": "error" } },
        { "text": "hurry" },
    ]);
    let messages = json!([{ "role": "assistant", "content": calls }, { "role": "user", "content": results }]);
    assert_eq!(written(&request)["messages"], messages);
}

#[test]
fn pictures_and_sounds_are_sent_where_converse_takes_them() {
    let message = ChatMessage::user("a")
        .with(Image { media_type: "image/jpeg".to_owned(), ..Image::url("s3://pictures/a.jpg") })
        .with(Audio::bytes("audio/mpeg", vec![1, 2, 3]));
    let content = json!([
        { "text": "a" },
        { "image": { "format": "jpeg", "source": { "s3Location": { "uri": "s3://pictures/a.jpg" } } } },
        { "audio": { "format": "mp3", "source": { "bytes": "AQID" } } },
    ]);
    assert_eq!(written(&ChatRequest::new([message]))["messages"][0]["content"], content);
    let call = ToolCall::new("t", "look", "");
    let sound = Audio::bytes("audio/wav", vec![1]);
    for message in [
        ChatMessage::user("a").with(Image::url("https://example.org/a.png")),
        ChatMessage::user("a").with(Image::bytes("image/tiff", vec![1])),
        ChatMessage::user("a").with(Audio::bytes("audio/midi", vec![1])),
        ChatMessage::system("a").with(sound.clone()),
        ChatMessage::tool(ToolResult::text(&call, "x").with(sound)),
    ] {
        assert_eq!(refused(plain(), &ChatRequest::new([message])), LlmErrorKind::Unsupported);
    }
}

#[test]
fn tools_and_their_choice() {
    let of =
        |choice| written(&ChatRequest::from("Hi").with_tool(look()).with_tool_choice(choice))["toolConfig"].clone();
    let schema = json!({ "json": { "type": "object", "properties": {} } });
    let tools = json!([{ "toolSpec": { "name": "look", "description": "Looks.", "inputSchema": schema } }]);
    assert_eq!(of(ToolChoice::Auto), json!({ "tools": tools }));
    assert_eq!(of(ToolChoice::Required), json!({ "tools": tools, "toolChoice": { "any": {} } }));
    let named = json!({ "tools": tools, "toolChoice": { "tool": { "name": "look" } } });
    assert_eq!(of(ToolChoice::Named("look".to_owned())), named);
    assert_eq!(of(ToolChoice::None), Value::Null);
    let called = ChatRequest::new([ChatMessage::assistant("a").with(ToolCall::new("t", "look", ""))]).with_tool(look());
    for request in [
        called.with_tool_choice(ToolChoice::None),
        ChatRequest::from("Hi").with_tool(look()).with_parallel_tool_calls(false),
        ChatRequest::from("Hi").with_effort(Effort::High),
        ChatRequest { top_k: Some(5), ..ChatRequest::from("Hi") },
        ChatRequest::from("Hi").with_output(Output::Json),
    ] {
        assert_eq!(refused(plain(), &request), LlmErrorKind::Unsupported);
    }
}

#[test]
fn settings_schemas_and_thinking_have_their_places() {
    let schema = json!({ "type": "object" });
    let spec = OutputSpec { description: Some("An x.".to_owned()), ..OutputSpec::new("x", schema) };
    let request = ChatRequest { top_p: Some(0.5), ..ChatRequest::from("Hi") }
        .with_temperature(0.25)
        .with_stop("END")
        .with_max_output_tokens(9)
        .with_output(Output::Schema(spec))
        .with_extra("requestMetadata", json!({ "team": "penguins" }));
    let native = Profile { native_schema: true, ..plain() };
    let body = body(&Converse, native, &request).expect("it can be written");
    let config = json!({ "temperature": 0.25, "topP": 0.5, "stopSequences": ["END"], "maxTokens": 9 });
    assert_eq!((&body["inferenceConfig"], &body["requestMetadata"]["team"]), (&config, &json!("penguins")));
    let schema = json!({ "schema": r#"{"type":"object"}"#, "name": "x", "description": "An x." });
    let format = json!({ "type": "json_schema", "structure": { "jsonSchema": schema } });
    assert_eq!(body["outputConfig"], json!({ "textFormat": format }));
    assert_eq!(refused(plain(), &request), LlmErrorKind::Unsupported);
}

#[test]
fn effort_is_a_budget_or_a_word() {
    let of = |reasoning, effort| {
        let profile = Profile { reasoning, output_tokens: Some(64_000), ..plain() };
        let request = ChatRequest::from("Hi").with_effort(effort).with_temperature(0.5);
        let body = body(&Converse, profile, &request).expect("it can be written");
        ["additionalModelRequestFields", "inferenceConfig", "outputConfig"].map(|field| body[field].clone())
    };
    let budget = json!({ "thinking": { "type": "enabled", "budget_tokens": 4096 } });
    let length = json!({ "maxTokens": 64_000 });
    assert_eq!(of(ReasoningStyle::Budget, Effort::Low), [budget, length.clone(), Value::Null]);
    let adaptive = json!({ "thinking": { "type": "adaptive", "display": "summarized" } });
    assert_eq!(of(ReasoningStyle::Adaptive, Effort::High), [adaptive, length, json!({ "effort": "high" })]);
    let warm = json!({ "temperature": 0.5 });
    assert_eq!(of(ReasoningStyle::Effort, Effort::Medium), [Value::Null, warm.clone(), json!({ "effort": "medium" })]);
    assert_eq!(of(ReasoningStyle::None, Effort::Off), [Value::Null, warm, Value::Null]);
    let profile = Profile { reasoning: ReasoningStyle::Adaptive, ..plain() };
    let forced = ChatRequest::from("Hi").with_effort(Effort::Low).with_tool(look());
    assert_eq!(refused(profile, &forced.with_tool_choice(ToolChoice::Required)), LlmErrorKind::Unsupported);
}

fn delta(index: u32, delta: Value) -> Vec<u8> {
    // Paddings come beside it.
    message("contentBlockDelta", &json!({ "contentBlockIndex": index, "delta": delta, "p": "abc" }).to_string())
}

fn call(index: u32, id: &str) -> Vec<u8> {
    let start = json!({ "toolUse": { "toolUseId": id, "name": "look" } });
    message("contentBlockStart", &json!({ "contentBlockIndex": index, "start": start }).to_string())
}

fn over(index: u32) -> Vec<u8> {
    message("contentBlockStop", &json!({ "contentBlockIndex": index }).to_string())
}

fn stopped(reason: &str) -> Vec<u8> {
    message("messageStop", &json!({ "stopReason": reason }).to_string())
}

fn metadata() -> Vec<u8> {
    let usage = json!({ "inputTokens": 10, "outputTokens": 5, "totalTokens": 122, "cacheReadInputTokens": 100,
        "cacheWriteInputTokens": 7 });
    message("metadata", &json!({ "usage": usage, "metrics": { "latencyMs": 1 } }).to_string())
}

/// tooling:2.4 weak
#[test]
fn arguments_and_thoughts_of_a_stream_are_kept_and_go_back_as_they_came() {
    let body = [
        message("messageStart", r#"{"role":"assistant"}"#),
        delta(0, json!({ "reasoningContent": { "text": "so " } })),
        delta(0, json!({ "reasoningContent": { "text": "so " } })),
        delta(0, json!({ "reasoningContent": { "signature": "Eq0=" } })),
        over(0),
        delta(1, json!({ "reasoningContent": { "redactedContent": "AQI=" } })),
        delta(1, json!({ "reasoningContent": { "redactedContent": "Aw==" } })),
        over(1),
        delta(2, json!({ "reasoningContent": { "signature": "lone" } })),
        over(2),
        delta(3, json!({ "text": "the " })),
        delta(3, json!({ "text": "the " })),
        over(3),
        call(4, "t1"),
        delta(4, json!({ "toolUse": { "input": "" } })),
        over(4),
        call(5, "t2"),
        delta(5, json!({ "toolUse": { "input": "{\"at\":" } })),
        delta(5, json!({ "toolUse": { "input": " 1}" } })),
        over(5),
        stopped("tool_use"),
        metadata(),
    ];
    let (message, end) = stream(&Converse, &body.concat()).expect("it can be read");
    assert_eq!((message.reasoning().as_str(), message.text().as_str()), ("so so ", "the the "));
    let calls: Vec<_> = message.tool_calls().map(|call| (call.id.as_str(), call.arguments.as_str())).collect();
    assert_eq!(calls, [("t1", "{}"), ("t2", "{\"at\": 1}")]);
    let usage = Usage::new(117, 5).with_cached(100, 7);
    assert_eq!((end.finish, end.usage), (Finish::ToolCalls, Some(usage)));
    let content = json!([
        { "reasoningContent": { "reasoningText": { "text": "so so ", "signature": "Eq0=" } } },
        { "reasoningContent": { "redactedContent": "AQID" } },
        { "reasoningContent": { "reasoningText": { "text": "", "signature": "lone" } } },
        { "text": "the the " },
        { "toolUse": { "toolUseId": "t1", "name": "look", "input": {} } },
        { "toolUse": { "toolUseId": "t2", "name": "look", "input": { "at": 1 } } },
    ]);
    assert_eq!(written(&ChatRequest::new([message]))["messages"][0]["content"], content);
}

#[test]
fn an_answer_in_one_piece_is_read_and_unknown_blocks_are_kept() {
    let content = json!([
        { "reasoningContent": { "reasoningText": { "text": "hm", "signature": "s" } } },
        { "reasoningContent": { "redactedContent": "AQID" } },
        { "citationsContent": { "content": [{ "text": "x" }] } },
        { "text": "Krill" },
        { "toolUse": { "toolUseId": "t", "name": "look", "input": { "at": [1, 2.5] } } },
    ]);
    let usage = json!({ "inputTokens": 1, "outputTokens": 2, "totalTokens": 3 });
    let output = json!({ "message": { "role": "assistant", "content": content } });
    let whole = json!({ "output": output, "stopReason": "end_turn", "usage": usage, "metrics": { "latencyMs": 1 } });
    let (message, end) = read(&Converse, &whole).expect("it can be read");
    assert_eq!((message.text().as_str(), message.reasoning().as_str()), ("Krill", "hm"));
    assert_eq!((end.finish, end.usage), (Finish::Stop, Some(Usage::new(1, 2))));
    assert_eq!(written(&ChatRequest::new([message]))["messages"][0]["content"], content);
}

#[test]
fn thoughts_of_others_and_of_nobody_stay_away() {
    let foreign = Reasoning { text: "hm".to_owned(), signature: Some(Signature::new("anthropic", json!("s"))) };
    let unsigned = Reasoning { text: "hm".to_owned(), signature: None };
    let thoughts = ChatMessage::assistant("").with(Part::Reasoning(foreign)).with(Part::Reasoning(unsigned));
    let request = ChatRequest::new([ChatMessage::user("a"), thoughts, ChatMessage::user("b")]);
    let user = |text: &str| json!({ "role": "user", "content": [{ "text": text }] });
    assert_eq!(written(&request)["messages"], json!([user("a"), user("b")]));
}

#[test]
fn why_it_stopped() {
    for (reason, finish) in [
        ("end_turn", Finish::Stop),
        ("stop_sequence", Finish::Stop),
        ("max_tokens", Finish::Length),
        ("model_context_window_exceeded", Finish::Length),
        ("guardrail_intervened", Finish::ContentFilter),
        ("content_filtered", Finish::ContentFilter),
        ("something", Finish::Other("something".to_owned())),
    ] {
        let (_, end) = stream(&Converse, &[stopped(reason), metadata()].concat()).expect("it can be read");
        assert_eq!(end.finish, finish);
    }
    let malformed = stream(&Converse, &stopped("malformed_tool_use")).expect_err("it is malformed");
    assert_eq!(malformed.kind(), &LlmErrorKind::ContentParse);
}

#[test]
fn an_exception_inside_a_stream_is_an_error_and_a_missing_end_too() {
    let inside = |kind: &str, message: &str| {
        let body = [delta(0, json!({ "text": "a" })), exception(kind, &json!({ "message": message }).to_string())];
        stream(&Converse, &body.concat()).expect_err("it is an error").kind().clone()
    };
    assert_eq!(inside("throttlingException", "Too many tokens"), LlmErrorKind::RateLimited { retry_after: None });
    assert_eq!(inside("modelStreamErrorException", "it broke"), LlmErrorKind::Overloaded { retry_after: None });
    assert_eq!(inside("validationException", "bad"), LlmErrorKind::InvalidRequest { field: None });
    for cut in [delta(0, json!({ "text": "a" })), stopped("end_turn"), metadata()] {
        assert_eq!(stream(&Converse, &cut).expect_err("it has no end").kind(), &LlmErrorKind::Transport);
    }
    for lost in [
        delta(0, json!({ "toolUse": { "input": "{" } })),
        [call(0, "t"), delta(0, json!({ "reasoningContent": { "text": "a" } }))].concat(),
        delta(0, json!({ "reasoningContent": { "redactedContent": "?" } })),
        message("contentBlockDelta", "{"),
    ] {
        assert_eq!(stream(&Converse, &lost).expect_err("it is lost").kind(), &LlmErrorKind::ContentParse);
    }
}

/// tooling:2.2 weak
#[test]
fn errors_mean_what_their_types_say() {
    let unknown = LlmErrorKind::UnknownModel;
    let invalid = LlmErrorKind::InvalidRequest { field: None };
    let (limited, overloaded) =
        (LlmErrorKind::RateLimited { retry_after: None }, LlmErrorKind::Overloaded { retry_after: None });
    let long = |limit, asked| LlmErrorKind::ContextLength { limit, asked };
    for (status, kind, message, expected) in [
        (429, "ThrottlingException", "Too many requests, please wait.", limited.clone()),
        (400, "ServiceQuotaExceededException", "quota", limited),
        (403, "AccessDeniedException", "You don't have access to the model.", LlmErrorKind::Auth),
        (403, "UnrecognizedClientException", "The security token is invalid.", LlmErrorKind::Auth),
        (404, "ResourceNotFoundException", "no such model", unknown.clone()),
        (400, "ValidationException", "The provided model identifier is invalid.", unknown),
        (400, "ValidationException", "Failed to generate: the field is malformed", invalid),
        (400, "ValidationException", "Input is too long for requested model.", long(None, None)),
        (400, "ValidationException", "prompt is too long: 9 tokens > 8 maximum", long(Some(8), Some(9))),
        (408, "ModelTimeoutException", "late", LlmErrorKind::Timeout(Patience::Provider)),
        (503, "ServiceUnavailableException", "try again", overloaded.clone()),
        (500, "InternalServerException", "try again", overloaded.clone()),
        (429, "ModelNotReadyException", "try again", overloaded.clone()),
        (424, "ModelErrorException", "it broke", overloaded),
    ] {
        let header = format!("{kind}:http://internal.amazon.com/coral/com.amazon.bedrock/");
        let body = json!({ "message": message });
        assert_eq!(fault(&Converse, status, &[("x-amzn-errortype", &header)], &body), expected, "{kind}");
        let body = json!({ "__type": format!("com.amazon.bedrock#{kind}"), "message": message });
        assert_eq!(fault(&Converse, status, &[], &body), expected, "{kind}");
    }
    // Without a type the status counts.
    assert_eq!(fault(&Converse, 403, &[], &json!({ "Message": "Authentication failed" })), LlmErrorKind::Auth);
}
