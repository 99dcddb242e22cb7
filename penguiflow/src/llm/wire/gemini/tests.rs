//! What is written to Gemini, and what its answers are taken for. Unit tests.

use super::Gemini;
use crate::llm::chat::media::{Audio, Image};
use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::part::{Part, Reasoning, Signature, ToolCall, ToolResult};
use crate::llm::chat::request::{ChatRequest, Effort, Output, OutputSpec};
use crate::llm::chat::tool::{ToolChoice, ToolSpec};
use crate::llm::chat::usage::{Finish, Usage};
use crate::llm::error::{LlmErrorKind, Patience};
use crate::llm::model::Delivery;
use crate::llm::profile::{Profile, ReasoningStyle};
use crate::llm::wire::driver::{body, encode, fault, read, sse, stream, target};
use crate::llm::wire::gemini::shape::Plain;
use serde_json::{Value, json};
use std::time::Duration;

/// Of a model that sees and listens.
fn plain() -> Profile {
    Profile { images: true, audio: true, ..Profile::default() }
}

fn written(request: &ChatRequest) -> Value {
    body(&Gemini, plain(), request).expect("it can be written")
}

fn refused(profile: Profile, request: &ChatRequest) -> LlmErrorKind {
    body(&Gemini, profile, request).expect_err("it cannot be written").kind().clone()
}

fn look() -> ToolSpec {
    ToolSpec::new("look", "Looks.", json!({ "type": "object", "properties": {} }))
}

#[test]
fn the_key_is_in_a_header_and_never_in_the_url() {
    let of = |model, delivery| encode(&Gemini, &target(model, plain()), &"Hi".into(), delivery).expect("it can");
    let sent = of("gemini-x", Delivery::Streamed);
    assert_eq!(sent.url, "https://models.example/v1beta/models/gemini-x:streamGenerateContent?alt=sse");
    assert_eq!((sent.secret("x-goog-api-key"), sent.open("x-team")), (Some("the-key"), Some("penguins")));
    assert_eq!(sent.body, json!({ "contents": [{ "role": "user", "parts": [{ "text": "Hi" }] }] }));
    let url = of("tunedModels/my:model", Delivery::Whole).url;
    assert_eq!(url, "https://models.example/v1beta/tunedModels/my%3Amodel:generateContent");
}

/// tooling:2.4 weak
#[test]
fn every_system_message_is_an_instruction_and_no_content() {
    let request = ChatRequest::new([
        ChatMessage::system("one"),
        ChatMessage::user("a"),
        ChatMessage::system("two"),
        ChatMessage::user("b"),
    ]);
    let body = written(&request);
    assert_eq!(body["systemInstruction"], json!({ "parts": [{ "text": "one" }, { "text": "two" }] }));
    assert_eq!(body["contents"], json!([{ "role": "user", "parts": [{ "text": "a" }, { "text": "b" }] }]));
}

#[test]
fn calls_and_results_have_the_ids_that_the_api_gave() {
    let (given, made_up) = (ToolCall::new("fc-7", "look", r#"{"at": 1}"#), ToolCall::new("call_1", "look", ""));
    let request = ChatRequest::new([
        ChatMessage::assistant("b").with(given.clone()).with(made_up.clone()),
        ChatMessage::tool(ToolResult::text(&given, "x").with(Image::bytes("image/png", vec![1, 2, 3]))),
        ChatMessage::tool(ToolResult::error(&made_up, "no")),
    ]);
    let calls = json!([
        { "text": "b" },
        { "functionCall": { "id": "fc-7", "name": "look", "args": { "at": 1 } } },
        { "functionCall": { "name": "look", "args": {} } },
    ]);
    let media = json!([{ "inlineData": { "mimeType": "image/png", "data": "AQID" } }]);
    let results = json!([
        { "functionResponse": { "id": "fc-7", "name": "look", "response": { "output": "x" }, "parts": media } },
        { "functionResponse": { "name": "look", "response": { "error": "no" } } },
    ]);
    let contents = json!([{ "role": "model", "parts": calls }, { "role": "user", "parts": results }]);
    assert_eq!(written(&request)["contents"], contents);
}

#[test]
fn pictures_and_sounds_are_sent() {
    let file = Image { media_type: "image/png".to_owned(), ..Image::url("https://example.org/a.png") };
    let message = ChatMessage::user("a")
        .with(Image::bytes("image/png", vec![1, 2, 3]))
        .with(Image::url("gs://b"))
        .with(file)
        .with(Audio::bytes("audio/wav", vec![1, 2, 3]));
    let parts = json!([
        { "text": "a" },
        { "inlineData": { "mimeType": "image/png", "data": "AQID" } },
        { "fileData": { "fileUri": "gs://b" } },
        { "fileData": { "fileUri": "https://example.org/a.png", "mimeType": "image/png" } },
        { "inlineData": { "mimeType": "audio/wav", "data": "AQID" } },
    ]);
    assert_eq!(written(&ChatRequest::new([message]))["contents"][0]["parts"], parts);
    let result = ToolResult::text(&ToolCall::new("1", "look", ""), "x").with(Image::url("https://example.org/a.png"));
    assert_eq!(refused(plain(), &ChatRequest::new([ChatMessage::tool(result)])), LlmErrorKind::Unsupported);
    let system = ChatMessage::system("a").with(Image::url("gs://b"));
    assert_eq!(refused(plain(), &ChatRequest::new([system])), LlmErrorKind::Unsupported);
}

#[test]
fn tools_and_their_choice() {
    let of = |choice| written(&ChatRequest::from("Hi").with_tool(look()).with_tool_choice(choice));
    let body = of(ToolChoice::Auto);
    let schema = json!({ "type": "object", "properties": {} });
    let declared = json!([{ "name": "look", "description": "Looks.", "parametersJsonSchema": schema }]);
    assert_eq!(body["tools"], json!([{ "functionDeclarations": declared }]));
    assert_eq!(body["toolConfig"], Value::Null);
    let calling = |config: Value| json!({ "functionCallingConfig": config });
    assert_eq!(of(ToolChoice::None)["toolConfig"], calling(json!({ "mode": "NONE" })));
    assert_eq!(of(ToolChoice::Required)["toolConfig"], calling(json!({ "mode": "ANY" })));
    let named = json!({ "mode": "ANY", "allowedFunctionNames": ["look"] });
    assert_eq!(of(ToolChoice::Named("look".to_owned()))["toolConfig"], calling(named));
    let alone = ChatRequest::from("Hi").with_tool(look()).with_parallel_tool_calls(false);
    assert_eq!(refused(plain(), &alone), LlmErrorKind::Unsupported);
    let none = ChatRequest::from("Hi").with_tool_choice(ToolChoice::Required);
    assert_eq!(refused(plain(), &none).code(), "invalid_request");
}

#[test]
fn settings_schemas_and_thinking_are_the_configuration() {
    let schema = json!({ "type": "object", "properties": {
        "nullable": { "type": "string", "enum": ["a"], "nullable": true },
        "b": { "anyOf": [{ "type": "integer" }], "nullable": true },
        "c": { "type": "string", "nullable": false },
    } });
    let request = ChatRequest { top_k: Some(5), top_p: Some(0.5), ..ChatRequest::from("Hi") }
        .with_temperature(0.25)
        .with_seed(7)
        .with_stop("END")
        .with_max_output_tokens(9)
        .with_effort(Effort::Low)
        .with_output(Output::Schema(OutputSpec::new("x", schema)))
        .with_extra("safetySettings", json!([]));
    let native = Profile { native_schema: true, reasoning: ReasoningStyle::Budget, ..plain() };
    let body = body(&Gemini, native, &request).expect("it can be written");
    let schema = json!({ "type": "object", "properties": {
        "nullable": { "type": ["string", "null"], "enum": ["a", null] },
        "b": { "anyOf": [{ "type": "integer" }, { "type": "null" }] },
        "c": { "type": "string" },
    } });
    let config = json!({
        "temperature": 0.25, "topP": 0.5, "topK": 5, "seed": 7, "stopSequences": ["END"], "maxOutputTokens": 9,
        "thinkingConfig": { "thinkingBudget": 4096, "includeThoughts": true },
        "responseMimeType": "application/json", "responseJsonSchema": schema,
    });
    assert_eq!((&body["generationConfig"], &body["safetySettings"]), (&config, &json!([])));
    assert_eq!(refused(plain(), &request), LlmErrorKind::Unsupported);
    let json = written(&ChatRequest::from("Hi").with_output(Output::Json).with_effort(Effort::Off));
    assert_eq!(json["generationConfig"], json!({ "responseMimeType": "application/json" }));
}

#[test]
fn effort_is_a_budget_or_a_level() {
    let said = |model, reasoning, effort| {
        let target = target(model, Profile { reasoning, ..plain() });
        let request = ChatRequest::from("Hi").with_effort(effort);
        let sent = encode(&Gemini, &target, &request, Delivery::Whole).expect("it can be written");
        sent.body["generationConfig"]["thinkingConfig"].clone()
    };
    let of = |reasoning, effort| said("gemini-x-flash", reasoning, effort);
    let budget = |tokens: u32| json!({ "thinkingBudget": tokens, "includeThoughts": tokens > 0 });
    let level = |word: &str| json!({ "thinkingLevel": word, "includeThoughts": true });
    for (effort, tokens) in [
        (Effort::Off, 0),
        (Effort::Minimal, 1024),
        (Effort::Medium, 16_384),
        (Effort::High, 24_576),
        (Effort::Tokens(7), 7),
    ] {
        assert_eq!(of(ReasoningStyle::Budget, effort), budget(tokens));
    }
    for (effort, word) in [(Effort::Low, "low"), (Effort::Medium, "medium"), (Effort::High, "high")] {
        assert_eq!(of(ReasoningStyle::Effort, effort), level(word));
    }
    assert_eq!(of(ReasoningStyle::Effort, Effort::Minimal), level("minimal"));
    let hidden = |config: Value| {
        [config["thinkingLevel"].clone(), config["thinkingBudget"].clone(), config["includeThoughts"].clone()]
    };
    assert_eq!(hidden(of(ReasoningStyle::Effort, Effort::Off)), [json!("minimal"), Value::Null, json!(false)]);
    let pro = |reasoning| hidden(said("gemini-x-pro", reasoning, Effort::Off));
    assert_eq!(pro(ReasoningStyle::Effort), [json!("low"), Value::Null, json!(false)]);
    assert_eq!(pro(ReasoningStyle::Budget), [Value::Null, json!(128), json!(false)]);
    assert_eq!(of(ReasoningStyle::None, Effort::Off), Value::Null);
    assert_eq!(refused(plain(), &ChatRequest::from("Hi").with_effort(Effort::High)), LlmErrorKind::Unsupported);
}

fn chunk(parts: Value) -> Value {
    json!({ "candidates": [{ "content": { "role": "model", "parts": parts }, "index": 0 }], "modelVersion": "gemini-x-1" })
}

fn last(parts: Value, reason: &str) -> Value {
    let content = json!({ "role": "model", "parts": parts });
    let usage = json!({ "promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 20,
        "cachedContentTokenCount": 4, "totalTokenCount": 35 });
    json!({ "candidates": [{ "content": content, "finishReason": reason }], "usageMetadata": usage, "responseId": "r-1" })
}

/// tooling:A.2.12, and tooling:2.4 weak: what was said before is never taken out.
#[test]
fn a_word_that_is_said_twice_is_kept() {
    let events = [
        chunk(json!([{ "text": "the" }])),
        chunk(json!([{ "text": " the" }])),
        chunk(json!([{ "text": " the the" }])),
        last(json!([{ "text": "the" }]), "STOP"),
    ];
    let (message, end) = stream(&Gemini, &sse(&events)).expect("it can be read");
    assert_eq!((message.text().as_str(), message.parts.len()), ("the the the thethe", 1));
    let usage = Usage::new(10, 25).with_cached(4, 0).with_reasoning(20);
    assert_eq!((end.finish, end.usage), (Finish::Stop, Some(usage)));
    assert_eq!((end.model.as_deref(), end.id.as_deref()), (Some("gemini-x-1"), Some("r-1")));
}

/// tooling:A.2.12 and tooling:2.4 weak
#[test]
fn thoughts_and_calls_come_with_their_signatures_and_go_back_as_they_came() {
    let first =
        json!({ "functionCall": { "name": "look", "args": { "at": 1 }, "id": "fc-1" }, "thoughtSignature": "AbC=" });
    let second = json!({ "functionCall": { "name": "look", "args": {} } });
    let events = [
        chunk(json!([{ "text": "so ", "thought": true }])),
        chunk(json!([{ "text": "so ", "thought": true }, { "text": "Let me " }])),
        chunk(json!([{ "text": "see" }, { "text": "", "thoughtSignature": "lone" }])),
        chunk(json!([{ "text": "." }])),
        chunk(json!([first, second])),
        last(json!([]), "STOP"),
    ];
    let (message, end) = stream(&Gemini, &sse(&events)).expect("it can be read");
    assert_eq!((message.reasoning().as_str(), message.text().as_str()), ("so so ", "Let me see."));
    let calls: Vec<_> = message.tool_calls().map(|call| (call.id.as_str(), call.arguments.as_str())).collect();
    assert_eq!(calls, [("fc-1", r#"{"at":1}"#), ("call_5", "{}")]);
    assert_eq!(end.finish, Finish::ToolCalls);
    let parts = json!([
        { "text": "Let me see" }, { "text": "", "thoughtSignature": "lone" }, { "text": "." }, first,
        { "functionCall": { "name": "look", "args": {} } },
    ]);
    assert_eq!(written(&ChatRequest::new([message]))["contents"], json!([{ "role": "model", "parts": parts }]));
}

#[test]
fn an_answer_in_one_piece_is_read_and_unknown_parts_are_kept() {
    let code = json!({ "executableCode": { "language": "PYTHON", "code": "1 + 1" } });
    let thought = json!({ "text": "hm", "thought": true, "thoughtSignature": "t" });
    let parts = json!([thought, code, { "text": "Krill", "thoughtSignature": "s" }]);
    let (message, end) = read(&Gemini, &last(parts.clone(), "MAX_TOKENS")).expect("it can be read");
    assert_eq!((message.text().as_str(), message.reasoning().as_str(), end.finish), ("Krill", "hm", Finish::Length));
    assert_eq!(written(&ChatRequest::new([message]))["contents"][0]["parts"], parts);
}

#[test]
fn what_others_signed_stays_away_and_their_calls_are_marked_where_the_api_asks() {
    let foreign = Some(Signature::new("anthropic", json!({ "signature": "s" })));
    let call = ToolCall { signature: foreign.clone(), ..ToolCall::new("a", "look", "") };
    let thought = Part::Reasoning(Reasoning { text: "hm".to_owned(), signature: foreign });
    let message =
        ChatMessage::new(crate::llm::chat::message::Role::Assistant, vec![thought]).with(call.clone()).with(call);
    let request = ChatRequest::new([ChatMessage::user("x"), message]);
    let call = json!({ "id": "a", "name": "look", "args": {} });
    let parts = json!([{ "functionCall": call }, { "functionCall": call }]);
    assert_eq!(written(&request)["contents"][1]["parts"], parts);
    let profile = Profile { reasoning: ReasoningStyle::Effort, ..plain() };
    let body = body(&Gemini, profile, &request).expect("it can be written");
    let marked = json!({ "functionCall": call, "thoughtSignature": "skip_thought_signature_validator" });
    assert_eq!(body["contents"][1]["parts"], json!([marked, { "functionCall": call }]));
}

#[test]
fn why_it_stopped() {
    for (reason, finish) in [
        ("SAFETY", Finish::ContentFilter),
        ("RECITATION", Finish::ContentFilter),
        ("PROHIBITED_CONTENT", Finish::ContentFilter),
        ("LANGUAGE", Finish::Other("LANGUAGE".to_owned())),
    ] {
        let candidates = json!([{ "finishReason": reason }]);
        let (message, end) = read(&Gemini, &json!({ "candidates": candidates })).expect("it can be read");
        assert_eq!((message.parts.len(), end.finish, end.usage), (0, finish, None));
    }
    let blocked = json!({ "promptFeedback": { "blockReason": "PROHIBITED_CONTENT" } });
    let error = stream(&Gemini, &sse(std::slice::from_ref(&blocked))).expect_err("it is refused");
    assert_eq!(error.kind(), &LlmErrorKind::Refused);
    assert!(error.to_string().contains("PROHIBITED_CONTENT"));
    let malformed = json!({ "candidates": [{ "finishReason": "MALFORMED_FUNCTION_CALL", "finishMessage": "look(" }] });
    let error = read(&Gemini, &malformed).expect_err("it called wrongly");
    assert_eq!((error.kind(), error.content()), (&LlmErrorKind::ContentParse, Some("look(")));
}

#[test]
fn a_stream_without_a_reason_to_finish_is_cut_off_and_an_error_inside_is_one() {
    let cut = stream(&Gemini, &sse(&[chunk(json!([{ "text": "the" }]))])).expect_err("it has no end");
    assert_eq!(cut.kind(), &LlmErrorKind::Transport);
    let error = json!({ "error": { "code": 503, "message": "overloaded", "status": "UNAVAILABLE" } });
    let error = stream(&Gemini, &sse(&[chunk(json!([])), error])).expect_err("it is an error");
    assert_eq!((error.kind(), error.status()), (&LlmErrorKind::Overloaded { retry_after: None }, Some(503)));
    let unnamed = chunk(json!([{ "functionCall": { "args": {} } }]));
    assert_eq!(stream(&Gemini, &sse(&[unnamed])).expect_err("no name").kind(), &LlmErrorKind::ContentParse);
}

/// tooling:2.2 weak
#[test]
fn errors_mean_what_their_status_says() {
    let of = |code: u16, status: &str, message: &str, details: Value| {
        let error = json!({ "error": { "code": code, "message": message, "status": status, "details": details } });
        let alone = fault(&Gemini, code, &[], &error);
        assert_eq!(fault(&Gemini, code, &[], &json!([error])), alone);
        alone
    };
    let retry = json!([{ "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "22.5s" }]);
    let wait = Some(Duration::from_millis(22_500));
    let info = json!([{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID" }]);
    let violation = json!({ "field": "contents[0].role", "description": "bad" });
    let request = json!([{ "@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation] }]);
    let field = Some("contents[0].role".to_owned());
    // The words say something else each time.
    for (code, status, details, expected) in [
        (429, "RESOURCE_EXHAUSTED", retry.clone(), LlmErrorKind::RateLimited { retry_after: wait }),
        (503, "UNAVAILABLE", retry, LlmErrorKind::Overloaded { retry_after: wait }),
        (500, "INTERNAL", json!([]), LlmErrorKind::Overloaded { retry_after: None }),
        (504, "DEADLINE_EXCEEDED", json!([]), LlmErrorKind::Timeout(Patience::Provider)),
        (404, "NOT_FOUND", json!([]), LlmErrorKind::UnknownModel),
        (403, "PERMISSION_DENIED", json!([]), LlmErrorKind::Auth),
        (400, "INVALID_ARGUMENT", info, LlmErrorKind::Auth),
        (400, "INVALID_ARGUMENT", request, LlmErrorKind::InvalidRequest { field }),
        (400, "FAILED_PRECONDITION", json!([]), LlmErrorKind::InvalidRequest { field: None }),
    ] {
        assert_eq!(of(code, status, "the server is invalid, or the key is", details), expected, "{status}");
    }
    let long = "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).";
    let expected = LlmErrorKind::ContextLength { limit: Some(1_048_576), asked: Some(1_200_000) };
    assert_eq!(of(400, "INVALID_ARGUMENT", long, json!([])), expected);
}

#[test]
fn chunks_of_words_are_plain_and_nothing_else_is() {
    let chunk =
        |part: Value| json!({ "candidates": [{ "content": { "parts": [part], "role": "model" }, "index": 0 }] });
    let read = |chunk: &Value| {
        let read = |plain: Plain<'_>| plain.into_parts().map(|part| (part.text, part.thought)).collect::<Vec<_>>();
        Plain::read(&chunk.to_string()).map(read)
    };
    assert_eq!(read(&chunk(json!({ "text": "kri\nll" }))), Some(vec![("kri\nll".to_owned(), false)]));
    assert_eq!(read(&chunk(json!({ "text": "hm", "thought": true }))), Some(vec![("hm".to_owned(), true)]));
    let with = |field: &str, value: Value| {
        let mut chunk = chunk(json!({ "text": "krill" }));
        chunk[field] = value;
        chunk
    };
    let mut ends = chunk(json!({ "text": "krill" }));
    ends["candidates"][0]["finishReason"] = "STOP".into();
    let others = [
        ends,
        with("error", Value::Null),
        with("promptFeedback", json!({ "blockReason": "SAFETY" })),
        with("candidates", json!([])),
        chunk(json!({ "text": "a", "thoughtSignature": "s" })),
        chunk(json!({ "functionCall": { "name": "a", "args": {} } })),
        chunk(json!(["krill", false])),
    ];
    for other in others {
        assert_eq!(read(&other), None, "{other}");
    }
}

#[test]
fn arguments_that_are_no_object_are_refused_and_none_are_an_empty_one() {
    let calls = |args: Value| {
        let part = json!({ "functionCall": { "name": "a", "args": args } });
        json!({ "candidates": [{ "content": { "parts": [part] }, "finishReason": "STOP" }] })
    };
    let (message, _) = read(&Gemini, &calls(Value::Null)).expect("is an answer");
    assert_eq!(message.tool_calls().next().map(|call| call.arguments.as_str()), Some("{}"));
    for wrong in [json!([1]), json!("a"), json!(1)] {
        let kind = read(&Gemini, &calls(wrong)).err().map(|error| error.kind().clone());
        assert_eq!(kind, Some(LlmErrorKind::ContentParse));
    }
}
