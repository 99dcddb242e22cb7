//! Requests, in the forms of several providers.

use crate::llm::chat::media::{Audio, Detail, Image};
use crate::llm::chat::message::{ChatMessage, Role};
use crate::llm::chat::part::{Part, Reasoning, Signature, ToolCall, ToolResult};
use crate::llm::chat::request::{ChatRequest, Effort, Output, OutputSpec};
use crate::llm::chat::tool::{ToolChoice, ToolSpec};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::model::Delivery;
use crate::llm::profile::{LimitField, Profile, ReasoningStyle};
use crate::llm::wire::openai::Chat;
use crate::llm::wire::openai::form::{Address, CallIds, Form, OPENAI, StreamedSchemas, Systems, Thinking};
use crate::llm::wire::{Ask, Target, Wire as _};
use serde_json::{Value, json};
use std::sync::Arc;

fn able() -> Profile {
    Profile { images: true, audio: true, native_schema: true, ..Profile::default() }
}

fn send(
    form: Form,
    profile: Profile,
    model: &str,
    request: &ChatRequest,
    delivery: Delivery,
) -> Result<(String, Value), LlmError> {
    let target = Target {
        provider: "test".to_owned(),
        model: model.to_owned(),
        base_url: "https://api.test/v1".to_owned(),
        profile: Arc::new(profile),
        headers: Vec::new(),
    };
    let sent = Chat::new(form, false).encode(&target, &Ask { request, delivery, key: None })?;
    Ok((sent.url, serde_json::from_slice(&sent.body).expect("is JSON")))
}

fn body(form: Form, profile: Profile, request: &ChatRequest) -> Result<Value, LlmError> {
    send(form, profile, "m", request, Delivery::Whole).map(|(_, body)| body)
}

fn messages(form: Form, all: Vec<ChatMessage>) -> Result<Value, LlmError> {
    body(form, able(), &ChatRequest::new(all)).map(|body| body["messages"].clone())
}

fn ask() -> ChatRequest {
    ChatRequest::from("hello")
}

fn tool() -> ToolSpec {
    ToolSpec::new("f", "does f", json!({"type": "object"}))
}

/// tooling:2.4 weak
#[test]
fn pictures_and_sounds_are_written_and_never_dropped() {
    let message = ChatMessage::user("What is it?")
        .with(Image::url("https://example.org/a.png"))
        .with(Image::bytes("image/png", vec![1, 2, 3]).with_detail(Detail::Low))
        .with(Audio::bytes("audio/x-wav", vec![4, 5]))
        .with(Audio::bytes("audio/mpeg", vec![6]));
    let expected = json!([{"role": "user", "content": [
        {"type": "text", "text": "What is it?"},
        {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AQID", "detail": "low"}},
        {"type": "input_audio", "input_audio": {"data": "BAU=", "format": "wav"}},
        {"type": "input_audio", "input_audio": {"data": "Bg==", "format": "mp3"}},
    ]}]);
    assert_eq!(messages(OPENAI, vec![message.clone()]).expect("is written"), expected);
    let error = body(OPENAI, Profile::default(), &ChatRequest::new([message])).expect_err("it is blind");
    assert_eq!((error.kind(), error.message()), (&LlmErrorKind::Unsupported, "the model looks at no pictures"));
    let deaf = Profile { audio: false, ..able() };
    let sound = ChatRequest::new([ChatMessage::new(Role::User, vec![Audio::bytes("audio/wav", vec![1]).into()])]);
    assert_eq!(body(OPENAI, deaf, &sound).expect_err("it is deaf").kind(), &LlmErrorKind::Unsupported);
    let ogg = ChatMessage::new(Role::User, vec![Audio::bytes("audio/ogg", vec![1]).into()]);
    assert!(messages(OPENAI, vec![ogg]).expect_err("no such format").message().contains("audio/ogg"));
    let untyped = ChatMessage::new(Role::User, vec![Image::bytes("", vec![1]).into()]);
    assert_eq!(messages(OPENAI, vec![untyped]).expect_err("no type").kind().code(), "invalid_request");
}

#[test]
fn calls_and_their_results_keep_their_ids() {
    let (first, second) = (ToolCall::new("a", "f", "{\"x\":1}"), ToolCall::new("b", "g", ""));
    let asked = ChatMessage::assistant("Let me see.").with(first.clone()).with(second.clone());
    let mut given = ChatMessage::tool(ToolResult::json(&first, &json!({"y": 2})));
    given = given.with(ToolResult::error(&second, "no such g"));
    let expected = json!([
        {"role": "user", "content": "?"},
        {"role": "assistant", "content": "Let me see.", "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{\"x\":1}"}},
            {"id": "b", "type": "function", "function": {"name": "g", "arguments": "{}"}},
        ]},
        {"role": "tool", "tool_call_id": "a", "content": "{\"y\":2}"},
        {"role": "tool", "tool_call_id": "b", "content": "error: no such g"},
    ]);
    let all = vec![ChatMessage::user("?"), asked, given];
    assert_eq!(messages(OPENAI, all.clone()).expect("is written"), expected);
    // Mistral takes nine letters and digits: the same for a call and its result.
    let nine = messages(Form { ids: CallIds::Nine, ..OPENAI }, all).expect("is written");
    let id = nine[1]["tool_calls"][0]["id"].as_str().expect("is text").to_owned();
    assert!(id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
    assert_eq!(nine[2]["tool_call_id"], id);
    assert_ne!(nine[1]["tool_calls"][1]["id"], id);
    assert_eq!(CallIds::Nine.of("AbCd12345"), "AbCd12345");
    let alone = ChatMessage::new(Role::Assistant, vec![ToolCall::new("a", "f", "{}").into()]);
    assert_eq!(messages(OPENAI, vec![alone]).expect("is written")[0]["content"], Value::Null);
    for wrong in [
        ChatMessage::new(Role::Assistant, vec![ToolCall::new("", "f", "{}").into()]),
        ChatMessage::new(Role::User, vec![ToolCall::new("a", "f", "{}").into()]),
        ChatMessage::new(Role::Assistant, vec![Image::url("https://example.org").into()]),
        ChatMessage::new(Role::System, vec![Image::url("https://example.org").into()]),
        ChatMessage::new(Role::Tool, vec!["text".into()]),
    ] {
        assert_eq!(messages(OPENAI, vec![wrong]).expect_err("is refused").kind().code(), "invalid_request");
    }
    let seen = ChatMessage::tool(ToolResult::text(&first, "look").with(Image::url("https://example.org")));
    assert_eq!(messages(OPENAI, vec![seen]).expect_err("is refused").kind(), &LlmErrorKind::Unsupported);
}

/// tooling:A.2.5
#[test]
fn system_messages_are_put_in_front_and_together_where_the_provider_wants_one() {
    let all = vec![ChatMessage::user("hello"), ChatMessage::system("Be brief."), ChatMessage::system("Be kind.")];
    let expected =
        json!([{"role": "system", "content": "Be brief.\n\nBe kind."}, {"role": "user", "content": "hello"}]);
    assert_eq!(messages(Form { systems: Systems::OneInFront, ..OPENAI }, all.clone()).expect("is written"), expected);
    let kept = messages(OPENAI, all.clone()).expect("is written");
    let roles: Vec<&str> = kept.as_array().expect("is a list").iter().filter_map(|one| one["role"].as_str()).collect();
    assert_eq!(roles, ["user", "system", "system"]);
    let error = body(OPENAI, Profile { system: false, ..able() }, &ChatRequest::new(all)).expect_err("is refused");
    assert_eq!(error.kind(), &LlmErrorKind::Unsupported);
}

#[test]
fn thoughts_go_back_only_to_who_had_them() {
    let call = ToolCall::new("a", "f", "{}");
    let details = json!([{"type": "reasoning.text", "text": "Hm", "signature": "s"}]);
    let signature = Some(Signature::new("openrouter", details.clone()));
    let thought = Part::Reasoning(Reasoning { text: "Hm".to_owned(), signature });
    let message = ChatMessage::new(Role::Assistant, vec![thought, call.into()]);
    let plain = messages(OPENAI, vec![message.clone()]).expect("is written");
    assert!(!plain.to_string().contains("Hm"), "{plain}");
    let router =
        messages(Form { thinking: Thinking::OpenRouter, ..OPENAI }, vec![message.clone()]).expect("is written");
    assert_eq!(router[0]["reasoning_details"], details);
    let deepseek = Form { thoughts: Some("reasoning_content"), ..OPENAI };
    assert_eq!(messages(deepseek, vec![message]).expect("is written")[0]["reasoning_content"], "Hm");
}

#[test]
fn settings_are_written_where_the_model_takes_them() {
    let mut request =
        ask().with_max_output_tokens(9).with_temperature(0.5).with_seed(3).with_stop("x").with_extra("user", "u");
    request.top_p = Some(0.25);
    let hello = json!([{"role": "user", "content": "hello"}]);
    let expected = json!({"model": "m", "messages": hello, "max_tokens": 9, "temperature": 0.5, "top_p": 0.25, "seed": 3, "stop": ["x"], "user": "u"});
    assert_eq!(body(OPENAI, able(), &request).expect("is written"), expected);
    let thinker = Profile { temperature: false, limit_field: LimitField::MaxCompletionTokens, ..able() };
    let expected =
        json!({"model": "m", "messages": hello, "max_completion_tokens": 9, "seed": 3, "stop": ["x"], "user": "u"});
    assert_eq!(body(OPENAI, thinker, &request).expect("is written"), expected);
    let replaced = body(OPENAI, able(), &ask().with_extra("model", "other")).expect("is written");
    assert_eq!(replaced["model"], "other", "extra comes last");
    request.top_k = Some(4);
    assert_eq!(body(OPENAI, able(), &request).expect_err("no such field").kind(), &LlmErrorKind::Unsupported);
    assert_eq!(body(Form { top_k: Some("top_k"), ..OPENAI }, able(), &request).expect("is written")["top_k"], 4);
}

#[test]
fn tools_are_written_as_far_as_the_model_takes_them() {
    let request = ask().with_tool(tool()).with_parallel_tool_calls(false);
    let sent = body(OPENAI, able(), &request).expect("is written");
    let function = json!({"name": "f", "description": "does f", "parameters": {"type": "object"}});
    assert_eq!(sent["tools"], json!([{"type": "function", "function": function}]));
    assert_eq!((&sent["tool_choice"], &sent["parallel_tool_calls"]), (&Value::Null, &json!(false)));
    let choose = |choice: ToolChoice, form: Form| {
        body(form, able(), &request.clone().with_tool_choice(choice)).map(|body| body["tool_choice"].clone())
    };
    assert_eq!(choose(ToolChoice::None, OPENAI).expect("is written"), "none");
    assert_eq!(choose(ToolChoice::Required, OPENAI).expect("is written"), "required");
    assert_eq!(choose(ToolChoice::Required, Form { any_tool: "any", ..OPENAI }).expect("is written"), "any");
    let named = json!({"type": "function", "function": {"name": "f"}});
    assert_eq!(choose(ToolChoice::Named("f".to_owned()), OPENAI).expect("is written"), named);
    assert_eq!(choose(ToolChoice::Named("g".to_owned()), OPENAI).expect_err("no g").kind().code(), "invalid_request");
    let none = body(OPENAI, able(), &ask().with_tool_choice(ToolChoice::Required)).expect_err("no tools");
    assert_eq!(none.kind(), &LlmErrorKind::InvalidRequest { field: Some("tool_choice".to_owned()) });
    let free = Profile { forced_tool: false, ..able() };
    let forced = request.clone().with_tool_choice(ToolChoice::Required);
    assert_eq!(body(OPENAI, free, &forced).expect_err("cannot").kind(), &LlmErrorKind::Unsupported);
    assert_eq!(
        body(OPENAI, Profile { tools: false, ..able() }, &request).expect_err("cannot").kind(),
        &LlmErrorKind::Unsupported
    );
    let few = body(OPENAI, Profile { tools_max: Some(1), ..able() }, &request.with_tool(tool())).expect_err("too many");
    assert_eq!((few.kind(), few.message()), (&LlmErrorKind::Unsupported, "there are 2 tools, and the model takes 1"));
    assert_eq!(body(OPENAI, able(), &ChatRequest::default()).expect_err("empty").kind().code(), "invalid_request");
}

/// tooling:A.2.11
#[test]
fn a_schema_is_a_response_format_or_told_where_a_stream_cannot_be_held_to_it() {
    let mut spec = OutputSpec::new("fish", json!({"type": "object"}));
    spec.description = Some("a fish".to_owned());
    let request = ask().with_output(Output::Schema(spec));
    let format = json!({"type": "json_schema", "json_schema":
        {"name": "fish", "schema": {"type": "object"}, "strict": true, "description": "a fish"}});
    assert_eq!(body(OPENAI, able(), &request).expect("is written")["response_format"], format);
    let object = body(OPENAI, able(), &ask().with_output(Output::Json)).expect("is written");
    assert_eq!(object["response_format"], json!({"type": "json_object"}));
    for profile in [Profile::default(), Profile { native_schema: false, ..able() }] {
        assert_eq!(body(OPENAI, profile, &request).expect_err("cannot").kind(), &LlmErrorKind::Unsupported);
    }
    let databricks = || Form { address: Address::Endpoint, schemas: StreamedSchemas::Told, ..OPENAI };
    let (url, streamed) = send(databricks(), able(), "my endpoint", &request, Delivery::Streamed).expect("is written");
    assert_eq!(url, "https://api.test/v1/serving-endpoints/my%20endpoint/invocations");
    assert_eq!((&streamed["response_format"], &streamed["model"]), (&Value::Null, &Value::Null));
    let told = streamed["messages"][0]["content"].as_str().expect("is told");
    assert!(told.contains("JSON schema") && told.ends_with("{\"type\":\"object\"}"), "{told}");
    let (_, whole) = send(databricks(), able(), "e", &request, Delivery::Whole).expect("is written");
    assert_eq!(whole["response_format"], format);
}

#[test]
fn how_long_to_think_is_written_in_each_style() {
    let put = |thinking: Thinking, style: ReasoningStyle, model: &str, effort: Effort| {
        let profile = Profile { reasoning: style, ..able() };
        let form = Form { thinking, ..OPENAI };
        let sent = send(form, profile, model, &ask().with_effort(effort), Delivery::Whole)?;
        let mut body = sent.1.as_object().expect("is an object").clone();
        body.retain(|field, _| field != "model" && field != "messages");
        Ok::<_, LlmError>(Value::Object(body))
    };
    use {Effort::*, ReasoningStyle as Style, Thinking::*};
    let table = [
        (Word, Style::Effort, "m", High, json!({"reasoning_effort": "high"})),
        (Word, Style::Effort, "m", Off, json!({"reasoning_effort": "none"})),
        (Word, Style::None, "m", Off, json!({})),
        (OpenRouter, Style::Effort, "openai/gpt-5", Low, json!({"reasoning": {"effort": "low"}})),
        (OpenRouter, Style::Budget, "m", Tokens(2_000), json!({"reasoning": {"max_tokens": 2_000}})),
        (OpenRouter, Style::Effort, "x-ai/grok-4", High, json!({"reasoning": {"enabled": true}})),
        (OpenRouter, Style::Effort, "x-ai/grok-4", Off, json!({"reasoning": {"enabled": false}})),
        (Word, Style::Template, "deepseek-ai/deepseek-r1", High, json!({"chat_template_kwargs": {"thinking": true}})),
        (
            Word,
            Style::Template,
            "minimaxai/MiniMax-M2.1",
            Off,
            json!({"chat_template_kwargs": {"enable_thinking": false}}),
        ),
        (
            Word,
            Style::Template,
            "qwen/qwen3.5-397b-a17b",
            Low,
            json!({"chat_template_kwargs": {"thinking_mode": "thinking"}}),
        ),
        (
            Word,
            Style::Template,
            "moonshotai/kimi-k2.5",
            Off,
            json!({"chat_template_kwargs": {"reasoning_mode": "none"}}),
        ),
        (Databricks, Style::Effort, "m", Low, json!({"reasoning_effort": "low"})),
        (Databricks, Style::Budget, "m", Off, json!({"thinking": {"type": "disabled"}})),
        (
            Databricks,
            Style::Budget,
            "m",
            Low,
            json!({"thinking": {"type": "enabled", "budget_tokens": 4_096}, "max_tokens": 8_192}),
        ),
        (
            Databricks,
            Style::Adaptive,
            "m",
            High,
            json!({"thinking": {"type": "adaptive"}, "output_config": {"effort": "high"}}),
        ),
    ];
    for (thinking, style, model, effort, expected) in table {
        assert_eq!(put(thinking, style, model, effort).expect("is written"), expected, "{model} {effort:?}");
    }
    for (thinking, style, effort) in [
        (Word, Style::None, High),
        (Word, Style::Budget, High),
        (Word, Style::Effort, Tokens(5)),
        (Word, Style::Template, Tokens(5)),
    ] {
        assert_eq!(put(thinking, style, "m", effort).expect_err("cannot be said").kind(), &LlmErrorKind::Unsupported);
    }
}

/// tooling:A.2.7
#[test]
fn where_nobody_says_how_long_to_think_nothing_is_sent_of_it() {
    for (thinking, style, model) in [
        (Thinking::Word, ReasoningStyle::Effort, "gpt-5"),
        (Thinking::Word, ReasoningStyle::Template, "qwen/qwen3-32b"),
        (Thinking::OpenRouter, ReasoningStyle::Effort, "x-ai/grok-4"),
        (Thinking::OpenRouter, ReasoningStyle::Effort, "openai/gpt-5"),
        (Thinking::Databricks, ReasoningStyle::Budget, "databricks-claude-sonnet-4-5"),
    ] {
        let (form, profile) = (Form { thinking, ..OPENAI }, Profile { reasoning: style, ..able() });
        let sent = send(form, profile, model, &ask(), Delivery::Whole).expect("is written").1;
        assert_eq!(sent.as_object().map(serde_json::Map::len), Some(2), "the model and the messages: {sent}");
    }
    let own = ask().with_extra("reasoning", json!({"exclude": true})).with_extra("transforms", json!(["middle-out"]));
    let form = Form { thinking: Thinking::OpenRouter, ..OPENAI };
    let sent = body(form, able(), &own).expect("is written");
    assert_eq!((&sent["reasoning"], &sent["transforms"][0]), (&json!({"exclude": true}), &json!("middle-out")));
}

#[test]
fn each_chat_template_has_its_own_switch() {
    for (model, switch, on, off) in [
        ("qwen/qwen3.5-397b-a17b", "thinking_mode", json!("thinking"), json!("non-thinking")),
        ("stepfun-ai/step-3.5-flash", "reasoning_mode", json!("thinking"), json!("none")),
        ("z-ai/glm5", "reasoning_mode", json!("thinking"), json!("none")),
        ("moonshotai/kimi-k2.5", "reasoning_mode", json!("thinking"), json!("none")),
        ("deepseek-ai/DeepSeek-V3.1-Terminus", "reasoning_mode", json!("thinking"), json!("none")),
        ("minimaxai/minimax-m2.1", "enable_thinking", json!(true), json!(false)),
        ("deepseek-ai/deepseek-v4-pro", "thinking", json!(true), json!(false)),
    ] {
        for (effort, expected) in [(Effort::High, on), (Effort::Low, json!(null)), (Effort::Off, off)] {
            let profile = Profile { reasoning: ReasoningStyle::Template, ..able() };
            let sent = send(OPENAI, profile, model, &ask().with_effort(effort), Delivery::Whole).expect("is written").1;
            let said = &sent["chat_template_kwargs"];
            assert_eq!(said.as_object().map(serde_json::Map::len), Some(1), "{model}: {said}");
            assert!(expected.is_null() || said[switch] == expected, "{model} {effort:?}: {said}");
        }
    }
}

#[test]
fn a_budget_of_thoughts_leaves_room_for_the_answer() {
    let sent = |output_tokens, limit: Option<u32>, effort| {
        let profile = Profile { reasoning: ReasoningStyle::Budget, output_tokens, ..able() };
        let mut request = ask().with_effort(effort);
        request.max_output_tokens = limit;
        let body = body(Form { thinking: Thinking::Databricks, ..OPENAI }, profile, &request).expect("is written");
        (body["max_tokens"].as_u64(), body["thinking"]["budget_tokens"].as_u64())
    };
    assert_eq!(sent(None, None, Effort::High), (Some(36_864), Some(32_768)));
    assert_eq!(sent(None, Some(100), Effort::Low), (Some(8_192), Some(4_096)), "the limit lay below the budget");
    assert_eq!(sent(None, Some(60_000), Effort::High), (Some(60_000), Some(32_768)));
    assert_eq!(sent(Some(8_192), None, Effort::High), (Some(8_192), Some(4_096)), "the model writes no more");
    assert_eq!(sent(None, None, Effort::Tokens(1)), (Some(5_120), Some(1_024)));
}

#[test]
fn names_in_addresses_lead_nowhere_else() {
    let url = |address: Address, model: &str| {
        send(Form { address, ..OPENAI }, able(), model, &ask(), Delivery::Whole).expect("is written").0
    };
    let azure = |model: &str| url(Address::Deployment { api_version: "2024-10-21".into() }, model);
    assert_eq!(azure("gpt"), "https://api.test/v1/openai/deployments/gpt/chat/completions?api-version=2024-10-21");
    assert_eq!(
        azure("../x?y#z"),
        "https://api.test/v1/openai/deployments/..%2Fx%3Fy%23z/chat/completions?api-version=2024-10-21"
    );
    assert_eq!(url(Address::Endpoint, ".."), "https://api.test/v1/serving-endpoints/%2E%2E/invocations");
}
