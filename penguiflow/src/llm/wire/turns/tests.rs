//! How a conversation is sorted. Unit tests.

use super::{Speaker, arguments, described, sort};
use crate::llm::chat::media::{Audio, Image};
use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::part::{ToolCall, ToolResult};
use crate::llm::chat::request::{ChatRequest, OutputSpec};
use crate::llm::profile::Profile;
use serde_json::json;

#[test]
fn every_system_message_is_kept_and_results_of_one_turn_stay_together() {
    let call = |id: &str| ToolCall::new(id, "look", "{}");
    let messages = [
        ChatMessage::system("one"),
        ChatMessage::user("a"),
        ChatMessage::assistant("b").with(call("1")).with(call("2")),
        ChatMessage::tool(ToolResult::text(&call("1"), "x")),
        ChatMessage::system("two"),
        ChatMessage::tool(ToolResult::text(&call("2"), "y")),
        ChatMessage::user("c"),
    ];
    let request = ChatRequest::new(messages);
    let sorted = sort(&request, &Profile::default()).expect("it can be sorted");
    let system: Vec<String> = sorted.system.iter().map(|message| message.text()).collect();
    assert_eq!(system, ["one", "two"]);
    let turns: Vec<_> = sorted.turns.iter().map(|turn| (turn.speaker, turn.messages.len())).collect();
    assert_eq!(turns, [(Speaker::User, 1), (Speaker::Model, 1), (Speaker::User, 3)]);
}

#[test]
fn arguments_are_an_object_and_broken_ones_are_shown_as_they_are() {
    let of = |text: &str| arguments(&ToolCall::new("1", "look", text));
    assert_eq!(of(""), json!({}));
    assert_eq!(of(" \n"), json!({}));
    assert_eq!(of(r#"{"a": [1]}"#), json!({ "a": [1] }));
    assert_eq!(of(r#"{"a": "#), json!({ "INVALID_JSON": r#"{"a": "# }));
    assert_eq!(of("7"), json!({ "INVALID_JSON": "7" }));
}

#[test]
fn what_the_model_cannot_take_is_refused_wherever_it_stands() {
    let (picture, sound) = (Image::bytes("image/png", vec![1]), Audio::bytes("audio/wav", vec![1]));
    let code = |message: ChatMessage, profile: Profile| match sort(&ChatRequest::new([message]), &profile) {
        Ok(_) => "fine",
        Err(error) => error.kind().code(),
    };
    let in_result = |part| ChatMessage::tool(ToolResult::text(&ToolCall::new("1", "look", ""), "x").with(part));
    let able = || Profile { images: true, audio: true, ..Profile::default() };
    for message in [ChatMessage::user("a").with(picture.clone()), in_result(picture)] {
        assert_eq!((code(message.clone(), Profile::default()), code(message, able())), ("unsupported", "fine"));
    }
    let message = ChatMessage::user("a").with(sound);
    assert_eq!((code(message.clone(), Profile::default()), code(message, able())), ("unsupported", "fine"));
    let untyped = ChatMessage::user("a").with(Image::bytes("", vec![1]));
    assert_eq!(code(untyped, able()), "invalid_request");
    let deaf = Profile { system: false, ..Profile::default() };
    assert_eq!(code(ChatMessage::system("a"), deaf), "unsupported");
}

#[test]
fn a_description_is_put_into_its_schema_unless_there_is_one() {
    let of = |schema| described(&OutputSpec { description: Some("An x.".to_owned()), ..OutputSpec::new("x", schema) });
    assert_eq!(of(json!({ "type": "object" })), json!({ "type": "object", "description": "An x." }));
    assert_eq!(of(json!({ "description": "A y." })), json!({ "description": "A y." }));
    assert_eq!(of(json!(true)), json!(true));
}
