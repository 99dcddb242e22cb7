//! How a conversation is sorted. Unit tests.

use super::{Speaker, arguments, sort};
use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::part::{ToolCall, ToolResult};
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
    let sorted = sort(&messages);
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
