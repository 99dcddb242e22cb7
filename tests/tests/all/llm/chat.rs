//! Messages, requests, usage: what they say of themselves, and what is taken where nothing is said.

use penguiflow::llm::{
    Assembly, Audio, Cache, ChatEvent, ChatMessage, ChatRequest, Detail, Effort, Image, NotOneCall, Output, OutputSpec,
    Part, Reasoning, Role, Signature, Source, ToolCall, ToolChoice, ToolResult, ToolSpec, Usage,
};
use serde_json::json;

fn look() -> ToolCall {
    ToolCall::new("c1", "look", r#"{"at": 1}"#)
}

#[test]
fn a_message_tells_its_words_its_thoughts_and_its_calls_apart() {
    let thought = Part::Reasoning(Reasoning { text: "Hm.".to_owned(), signature: None });
    let message = ChatMessage::assistant("Let me ").with(thought).with(look()).with("see.").with(Image::url("gs://x"));
    assert_eq!((message.text().as_str(), message.reasoning().as_str()), ("Let me see.", "Hm."));
    assert_eq!(message.tool_calls().map(|call| call.name.as_str()).collect::<Vec<_>>(), ["look"]);
    assert_eq!(
        message.parts.iter().map(Part::kind).collect::<Vec<_>>(),
        ["text", "reasoning", "tool_call", "text", "image"]
    );
}

#[test]
fn one_call_is_taken_and_none_several_or_another_one_are_told() {
    let says =
        |message: &ChatMessage| message.only_call("look").map(|call| call.id.clone()).map_err(|why| why.to_string());
    let one = ChatMessage::assistant(look());
    assert_eq!(says(&one), Ok("c1".to_owned()));
    let none = ChatMessage::assistant("no");
    assert_eq!(says(&none), Err("the model was to call `look`, and called no tool".to_owned()));
    let several = one.clone().with(ToolCall::new("c2", "look", ""));
    assert_eq!(says(&several), Err("the model was to call `look` once, and made 2 calls".to_owned()));
    let other = ChatMessage::assistant(ToolCall::new("c1", "listen", ""));
    assert_eq!(other.only_call("look"), Err(NotOneCall::Other { wanted: "look".to_owned(), got: "listen".to_owned() }));
}

#[test]
fn arguments_are_kept_as_they_were_written_and_none_are_those_of_an_empty_object() {
    let call = ToolCall::new("c1", "look", "{\"at\":  1 }");
    assert_eq!((call.arguments.as_str(), call.arguments_or_empty()), ("{\"at\":  1 }", "{\"at\":  1 }"));
    let empty = ToolCall::new("c1", "look", " \n");
    assert_eq!((empty.arguments_or_empty(), empty.parse().ok()), ("{}", Some(json!({}))));
    assert!(ToolCall::new("c1", "look", "{'at': 1}").parse::<serde_json::Value>().is_err(), "nothing is guessed here");
}

#[test]
fn what_is_not_said_of_a_request_is_not_in_it() {
    let request = ChatRequest::from("food?");
    assert_eq!((&request.tool_choice, &request.output), (&ToolChoice::Auto, &Output::Text));
    let written = serde_json::to_value(&request).expect("it is written");
    let mut fields: Vec<&str> = written.as_object().expect("an object").keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["messages", "output", "tool_choice"]);
    assert!(OutputSpec::new("food", json!({})).strict);
    assert!(!ToolResult::text(&look(), "x").is_error && ToolResult::error(&look(), "x").is_error);
    assert_eq!(Image::bytes("image/png", vec![1]).detail, Detail::Auto);
    let details = ["auto", "low", "high"].map(|word| serde_json::from_value::<Detail>(json!(word)).expect("is one"));
    assert_eq!(details, [Detail::Auto, Detail::Low, Detail::High]);
}

#[test]
fn a_conversation_is_written_down_and_read_again_as_it_was() {
    let signature = Some(Signature::new("anthropic", json!({ "signature": "s" })));
    let thought = Part::Reasoning(Reasoning { text: "Hm.".to_owned(), signature });
    let request = ChatRequest::new([
        ChatMessage::system("Be brief.").with_cache(Cache::Hour),
        ChatMessage::user("What is it?").with(Image::bytes("image/png", vec![0, 159, 255])),
        ChatMessage::user(Audio::bytes("audio/wav", vec![7])),
        ChatMessage::new(Role::Assistant, vec![thought, look().into()]),
        ChatMessage::tool(ToolResult::error(&look(), "too dark").with(Image::url("https://example.org/a.png"))),
    ])
    .with_tool(ToolSpec::new("look", "Looks.", json!({ "type": "object" })))
    .with_tool_choice(ToolChoice::Named("look".to_owned()))
    .with_output(Output::Schema(OutputSpec::new("food", json!({ "type": "object" }))))
    .with_effort(Effort::Tokens(2_000))
    .with_extra("user", "u");
    let text = serde_json::to_string(&request).expect("it is written");
    assert_eq!(serde_json::from_str::<ChatRequest>(&text).expect("it is read"), request);
    let Part::Image(Image { source: Source::Bytes(bytes), .. }) = &request.messages[1].parts[1] else {
        panic!("{text}")
    };
    assert_eq!((bytes.len(), format!("{bytes:?}").as_str()), (3, "3 bytes"), "what is logged is no picture");
}

/// tooling:A.2.8: ours takes nobody for the user who is not.
#[test]
fn a_role_that_nobody_knows_is_an_error() {
    let of = |role: &str| serde_json::from_value::<ChatMessage>(json!({ "role": role, "parts": [] }));
    let known = ["system", "user", "assistant", "tool"].map(|role| of(role).expect("is one").role);
    assert_eq!(known, [Role::System, Role::User, Role::Assistant, Role::Tool]);
    for role in ["developer", "function", "User", ""] {
        assert!(of(role).expect_err(role).to_string().contains("unknown variant"), "{role}");
    }
}

#[test]
fn usage_adds_up_and_an_estimate_anywhere_makes_the_sum_one() {
    let known = Usage::new(10, 5).with_cached(4, 2).with_reasoning(3);
    assert_eq!((known.total(), known + Usage::new(1, 1)), (15, Usage::new(11, 6).with_cached(4, 2).with_reasoning(3)));
    assert_eq!(
        known + Usage::new(1, 1).as_estimate(),
        Usage::new(11, 6).with_cached(4, 2).with_reasoning(3).as_estimate()
    );
    assert_eq!((Usage::new(u64::MAX, 1) + Usage::new(1, 1)).input, u64::MAX);
}

#[test]
fn calls_without_an_id_and_with_one_that_is_taken_get_one_of_their_own() {
    let mut answer = Assembly::default();
    for (part, id) in [(0, ""), (1, "a"), (2, "a")] {
        answer.push(&ChatEvent::ToolCall { part, id: id.to_owned(), name: "look".to_owned() });
        answer.push(&ChatEvent::Arguments { part, json: "{}".to_owned() });
    }
    let message = answer.into_message();
    assert_eq!(message.tool_calls().map(|call| call.id.as_str()).collect::<Vec<_>>(), ["call_0", "a", "call_2"]);
}
