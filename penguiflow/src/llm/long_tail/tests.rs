//! Providers of the long tail, by a server on this machine that speaks as they do. Unit tests: the feature turns on `preserve_order` of
//! `serde_json` for the whole build, which the integration tests are to do without.

use super::LongTail;
use crate::clock::{Seam, secs};
use crate::llm::chat::assembly::Assembly;
use crate::llm::chat::media::Image;
use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::part::ToolResult;
use crate::llm::chat::request::{ChatRequest, Output, OutputSpec};
use crate::llm::chat::tool::ToolSpec;
use crate::llm::chat::usage::{Finish, Usage};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::model::{Call, Model as _};
use crate::secret::Secret;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

const KEY: &str = "key-hunter2hunter2";

/// Answers each request with `reply`, and tells the requests.
struct Server {
    url: String,
    requests: Receiver<String>,
}

impl Server {
    fn start(reply: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port of this machine");
        let url = format!("http://{}", listener.local_addr().expect("a port"));
        let (told, requests) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut stream = BufReader::new(stream);
                let (mut request, mut length) = (String::new(), 0);
                while !request.ends_with("\r\n\r\n") && stream.read_line(&mut request).expect("is text") > 0 {
                    let line = request.lines().last().unwrap_or_default().to_ascii_lowercase();
                    if let Some(value) = line.strip_prefix("content-length:") {
                        length = value.trim().parse().expect("is a number");
                    }
                }
                let mut body = vec![0; length];
                stream.read_exact(&mut body).expect("the body comes");
                let _ = told.send(request + &String::from_utf8(body).expect("is text"));
                // Whoever is gone hears nothing.
                let _ = stream.get_mut().write_all(reply.as_bytes());
            }
        });
        Server { url, requests }
    }

    /// What the body of the next request says.
    fn body(&self) -> Value {
        let request = self.requests.recv().expect("a request comes");
        let (head, body) = request.split_once("\r\n\r\n").expect("it has a head");
        assert!(head.to_ascii_lowercase().contains(&format!("authorization: bearer {KEY}")), "{head}");
        serde_json::from_str(body).expect("is JSON")
    }
}

/// A stream that ends with its connection.
fn sse(lines: &[Value]) -> String {
    let lines: String = lines.iter().map(|line| format!("data: {line}\n\n")).collect();
    format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n{lines}")
}

fn whole(lines: &[Value]) -> String {
    sse(lines) + "data: [DONE]\n\n"
}

fn delta(delta: Value, finish: Option<&str>) -> Value {
    json!({ "id": "c1", "model": "m", "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] })
}

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

#[tokio::test]
async fn words_usage_and_the_end_come_through() {
    let usage = json!({ "choices": [], "usage": { "prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10 } });
    let words = [delta(json!({ "content": "Kri" }), None), delta(json!({ "content": "ll" }), Some("length")), usage];
    let server = Server::start(whole(&words));
    let request =
        ChatRequest::new([ChatMessage::system("Be brief."), ChatMessage::user("Food?")]).with_max_output_tokens(5);
    let (answer, failed) = ask("kimi", &server, request).await;
    assert!(failed.is_none(), "{failed:?}");
    let end = answer.end().expect("it ended").clone();
    assert_eq!((end.finish, end.usage), (Finish::Length, Some(Usage::new(7, 3))));
    assert_eq!(answer.into_message().text(), "Krill");
    let sent = server.body();
    assert_eq!((&sent["model"], &sent["messages"][1]["content"]), (&json!("m"), &json!("Food?")), "{sent}");
}

#[tokio::test]
async fn tools_that_are_asked_for_come_whole_at_the_end_and_go_back_with_their_results() {
    let call = |json: Value| json!({ "tool_calls": [json] });
    let first =
        json!({ "index": 0, "id": "t1", "type": "function", "function": { "name": "weather", "arguments": "{\"ci" } });
    let more = json!({ "index": 0, "function": { "arguments": "ty\":\"Oslo\"}" } });
    let steps = [delta(call(first), None), delta(call(more), None), delta(json!({}), Some("tool_calls"))];
    let server = Server::start(whole(&steps));
    let tool = ToolSpec::new("weather", "Tells the weather.", json!({ "type": "object" }));
    let request = ChatRequest::from("How is Oslo?").with_tool(tool);
    let (answer, failed) = ask("kimi", &server, request.clone()).await;
    assert!(failed.is_none(), "{failed:?}");
    assert_eq!(answer.end().expect("it ended").finish, Finish::ToolCalls);
    let message = answer.into_message();
    let call = message.tool_calls().next().expect("it asks for one").clone();
    assert_eq!((call.name.as_str(), call.parse::<Value>().expect("is JSON")), ("weather", json!({ "city": "Oslo" })));
    server.body();
    ask("kimi", &server, request.with(message).with(ChatMessage::tool(ToolResult::text(&call, "cold")))).await;
    let sent = server.body();
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
    let body = format!("{{\"error\":{{\"message\":\"too many for {KEY}\"}}}}");
    let head = format!("HTTP/1.1 429 No\r\nretry-after: 7\r\ncontent-length: {}\r\n\r\n", body.len());
    let server = Server::start(head + &body);
    let (_, failed) = ask("kimi", &server, "Food?".into()).await;
    let error = failed.expect("it fails");
    assert_eq!(error.kind(), &LlmErrorKind::RateLimited { retry_after: Some(secs(7)) });
    assert_eq!((error.status(), error.model()), (Some(429), Some("kimi/m")));
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_an_error() {
    let reply = sse(&[delta(json!({ "content": "Kri" }), None)]);
    let server = Server::start(reply.replace("connection: close", "content-length: 10000"));
    let (answer, failed) = ask("kimi", &server, "Food?".into()).await;
    assert_eq!(failed.expect("it fails").kind(), &LlmErrorKind::Transport);
    assert_eq!(answer.into_message().text(), "Kri");
}

#[tokio::test]
async fn what_it_cannot_say_is_refused_before_anything_is_sent() {
    let server = Server::start(String::new());
    let seen = ChatMessage::user("What is it?").with(Image::bytes("image/png", vec![1]));
    let schema =
        ChatRequest::from("Food?").with_output(Output::Schema(OutputSpec::new("food", json!({ "type": "object" }))));
    for request in [ChatRequest::new([seen]), ChatRequest::from("Food?").with_parallel_tool_calls(false), schema] {
        let (_, failed) = ask("kimi", &server, request).await;
        let error = failed.expect("it is refused");
        assert!(error.kind() == &LlmErrorKind::Unsupported && error.is_free(), "{error:?}");
    }
    assert!(server.requests.try_recv().is_err());
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
async fn thoughts_and_words_are_told_apart() {
    let steps =
        [delta(json!({ "reasoning_content": "Hm." }), None), delta(json!({ "content": "Krill" }), Some("stop"))];
    let server = Server::start(whole(&steps));
    let (answer, failed) = ask("kimi", &server, "Food?".into()).await;
    assert!(failed.is_none(), "{failed:?}");
    let message = answer.into_message();
    assert_eq!((message.reasoning().as_str(), message.text().as_str()), ("Hm.", "Krill"));
}

#[tokio::test]
async fn each_provider_is_asked_where_genai_would_ask_it() {
    let client = super::client().expect("a client");
    for row in super::rows::ALL {
        let model = genai::ModelIden::new(row.kind, "m");
        let target = client.resolve_service_target(model).await.expect("it knows where");
        assert_eq!(target.endpoint.base_url(), row.base_url, "{}", row.name);
    }
}
