//! Providers of the long tail, by a server on this machine that speaks as they do.

use super::server::{Server, Visit};
use futures_util::StreamExt as _;
use penguiflow::clock::{Seam, secs};
use penguiflow::llm::{
    Assembly, Call, ChatMessage, ChatRequest, Finish, Image, LlmError, LlmErrorKind, LongTail, Model, Output,
    OutputSpec, ToolResult, ToolSpec, Usage,
};
use penguiflow::secret::Secret;
use serde_json::{Value, json};
use std::sync::Arc;

const KEY: &str = "key-hunter2hunter2";

async fn ask(provider: &str, server: &Server, request: ChatRequest) -> (Assembly, Option<LlmError>) {
    let provider = LongTail::named(provider).expect("there is one").with_key(Secret::from(KEY));
    let model =
        provider.with_base_url(&format!("{}/v1", server.url)).expect("is a URL").model("m").expect("is a model");
    let (mut answer, mut failed) = (Assembly::default(), None);
    let mut steps = model.stream(Arc::new(request), Call::new(Seam::system()));
    while let Some(step) = steps.next().await {
        assert!(failed.is_none() && answer.end().is_none(), "nothing comes behind the end");
        match step {
            Ok(event) => answer.push(&event),
            Err(error) => failed = Some(error),
        }
    }
    assert!(failed.is_some() != answer.end().is_some(), "one end");
    (answer, failed)
}

fn sse(visit: &mut Visit, lines: &[Value]) {
    visit.head(200, "text/event-stream");
    lines.iter().for_each(|line| visit.chunk(&format!("data: {line}\n\n")));
    visit.chunk("data: [DONE]\n\n");
    visit.chunk("");
}

fn delta(delta: Value, finish: Option<&str>) -> Value {
    json!({ "id": "c1", "model": "m", "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] })
}

/// What the body of the next request says.
fn body(server: &Server) -> Value {
    let request = server.next();
    let (head, body) = request.split_once("\r\n\r\n").expect("it has a head");
    assert!(head.to_ascii_lowercase().contains(&format!("authorization: bearer {KEY}")), "{head}");
    serde_json::from_str(body).expect("is JSON")
}

#[tokio::test]
async fn words_usage_and_the_end_come_through() {
    let server = Server::start(|visit: &mut Visit| {
        visit.read();
        let usage =
            json!({ "choices": [], "usage": { "prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10 } });
        sse(
            visit,
            &[delta(json!({ "content": "Kri" }), None), delta(json!({ "content": "ll" }), Some("length")), usage],
        );
    });
    let request =
        ChatRequest::new([ChatMessage::system("Be brief."), ChatMessage::user("Food?")]).with_max_output_tokens(5);
    let (answer, failed) = ask("kimi", &server, request).await;
    assert!(failed.is_none(), "{failed:?}");
    let end = answer.end().expect("it ended").clone();
    assert_eq!((end.finish, end.usage), (Finish::Length, Some(Usage::new(7, 3))));
    assert_eq!(answer.into_message().text(), "Krill");
    let sent = body(&server);
    assert_eq!((&sent["model"], &sent["messages"][1]["content"]), (&json!("m"), &json!("Food?")), "{sent}");
}

#[tokio::test]
async fn tools_that_are_asked_for_come_whole_at_the_end_and_go_back_with_their_results() {
    let server = Server::start(|visit: &mut Visit| {
        visit.read();
        let call = |json: Value| json!({ "tool_calls": [json] });
        let first = json!({ "index": 0, "id": "t1", "type": "function", "function": { "name": "weather", "arguments": "{\"ci" } });
        let more = json!({ "index": 0, "function": { "arguments": "ty\":\"Oslo\"}" } });
        sse(visit, &[delta(call(first), None), delta(call(more), None), delta(json!({}), Some("tool_calls"))]);
    });
    let tool = ToolSpec::new("weather", "Tells the weather.", json!({ "type": "object" }));
    let request = ChatRequest::from("How is Oslo?").with_tool(tool);
    let (answer, failed) = ask("kimi", &server, request.clone()).await;
    assert!(failed.is_none(), "{failed:?}");
    assert_eq!(answer.end().expect("it ended").finish, Finish::ToolCalls);
    let message = answer.into_message();
    let call = message.tool_calls().next().expect("it asks for one").clone();
    assert_eq!((call.name.as_str(), call.parse::<Value>().expect("is JSON")), ("weather", json!({ "city": "Oslo" })));
    body(&server);
    ask("kimi", &server, request.with(message).with(ChatMessage::tool(ToolResult::text(&call, "cold")))).await;
    let sent = body(&server);
    let (asked, told) = (&sent["messages"][1], &sent["messages"][2]);
    assert_eq!(asked["tool_calls"][0]["function"]["name"], "weather", "{sent}");
    assert_eq!(
        (&told["role"], &told["content"], &told["tool_call_id"]),
        (&json!("tool"), &json!("cold"), &json!("t1")),
        "{sent}"
    );
}

#[tokio::test]
async fn errors_are_told_apart_with_the_wait_that_was_asked_for_and_without_the_key() {
    let server = Server::start(|visit: &mut Visit| {
        visit.read();
        let body = format!("{{\"error\":{{\"message\":\"too many for {KEY}\"}}}}");
        visit.raw(&format!("HTTP/1.1 429 No\r\nretry-after: 7\r\ncontent-length: {}\r\n\r\n{body}", body.len()));
    });
    let (_, failed) = ask("kimi", &server, "Food?".into()).await;
    let error = failed.expect("it fails");
    assert_eq!(error.kind(), &LlmErrorKind::RateLimited { retry_after: Some(secs(7)) });
    assert_eq!((error.status(), error.model()), (Some(429), Some("kimi/m")));
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_an_error() {
    let server = Server::start(|visit: &mut Visit| {
        visit.read();
        visit.head(200, "text/event-stream");
        visit.chunk(&format!("data: {}\n\n", delta(json!({ "content": "Kri" }), None)));
    });
    let (answer, failed) = ask("kimi", &server, "Food?".into()).await;
    assert_eq!(failed.expect("it fails").kind(), &LlmErrorKind::Transport);
    assert_eq!(answer.into_message().text(), "Kri");
}

#[tokio::test]
async fn what_it_cannot_say_is_refused_before_anything_is_sent() {
    let server = Server::start(|visit: &mut Visit| {
        visit.read();
    });
    let seen = ChatMessage::user("What is it?").with(Image::bytes("image/png", vec![1]));
    let schema =
        ChatRequest::from("Food?").with_output(Output::Schema(OutputSpec::new("food", json!({ "type": "object" }))));
    for request in [ChatRequest::new([seen]), ChatRequest::from("Food?").with_parallel_tool_calls(false), schema] {
        let (_, failed) = ask("kimi", &server, request).await;
        let error = failed.expect("it is refused");
        assert!(error.kind() == &LlmErrorKind::Unsupported && error.is_free(), "{error:?}");
    }
    assert_eq!(server.visits(), 0);
}

#[test]
fn a_name_that_is_not_there_is_told_with_the_one_that_may_be_meant() {
    let error = LongTail::named("coher").expect_err("there is none");
    assert!(
        error.to_string().ends_with("there is no provider `coher` in the long tail: did you mean `cohere`?"),
        "{error}"
    );
    let error = LongTail::named("cohere").expect("there is one").model("command-a").expect_err("there is no key");
    assert_eq!(
        error.to_string(),
        "cohere/command-a: the key was not accepted: no key: it is set by `COHERE_API_KEY` or given"
    );
    assert!(LongTail::named("kimi").expect("there is one").with_base_url("http://example.org").is_err());
}

#[tokio::test]
async fn an_event_of_the_stream_is_one_of_ours() {
    let server = Server::start(|visit: &mut Visit| {
        visit.read();
        sse(
            visit,
            &[delta(json!({ "reasoning_content": "Hm." }), None), delta(json!({ "content": "Krill" }), Some("stop"))],
        );
    });
    let (answer, failed) = ask("kimi", &server, "Food?".into()).await;
    assert!(failed.is_none(), "{failed:?}");
    let message = answer.into_message();
    assert_eq!((message.reasoning().as_str(), message.text().as_str()), ("Hm.", "Krill"));
}
