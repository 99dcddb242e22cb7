//! Writes the request of each mode. Must not choose one.

use crate::llm::chat::message::{ChatMessage, Role};
use crate::llm::chat::part::Part;
use crate::llm::chat::request::{ChatRequest, Output, OutputSpec};
use crate::llm::chat::tool::{ToolChoice, ToolSpec};
use crate::llm::dialect::Translation;
use crate::llm::profile::Profile;
use serde_json::Value;

/// The tool whose arguments are the value.
pub(super) const TOOL: &str = "structured_output";
/// How long a name may be at every provider.
const NAME_BYTES_MAX: usize = 64;

/// Holds the model to the schema.
pub(super) fn native(request: &mut ChatRequest, original: &Value, said: &Translation) {
    let mut spec = OutputSpec::new(name_of(original), said.schema.clone());
    spec.description = original.get("description").and_then(Value::as_str).map(str::to_owned);
    spec.strict = said.strict;
    request.output = Output::Schema(spec);
}

/// Makes the model call one tool.
pub(super) fn tool(request: &mut ChatRequest, original: &Value, said: &Translation) {
    let about = original.get("description").and_then(Value::as_str).unwrap_or("the answer");
    let words = format!("Takes the answer, and is called once with all of it. {about}");
    request.tools = vec![ToolSpec::new(TOOL, words, said.schema.clone())];
    request.tool_choice = ToolChoice::Named(TOOL.to_owned());
    request.parallel_tool_calls = Some(false);
}

/// Tells the schema in the first system message, and reminds of it where the model is to go on.
pub(super) fn prompted(request: &mut ChatRequest, said: &Translation, profile: &Profile) {
    let words = format!(
        "Answer with one JSON value and nothing else: no words around it, no code fence. It has to be valid under this JSON schema:\n{}",
        said.schema
    );
    if profile.json {
        request.output = Output::Json;
    }
    if !profile.system {
        to_last_user(request, &words, true);
        return;
    }
    match request.messages.iter_mut().find(|message| message.role == Role::System) {
        Some(system) => add(system, &words),
        None => request.messages.insert(0, ChatMessage::system(words)),
    }
    to_last_user(request, "Answer with the JSON value only.", false);
}

fn to_last_user(request: &mut ChatRequest, words: &str, needed: bool) {
    match request.messages.last_mut() {
        Some(last) if last.role == Role::User => add(last, words),
        Some(_) | None if needed => request.messages.push(ChatMessage::user(words)),
        // A reminder is worth no message of its own behind what a tool gave or the model began.
        Some(_) | None => {}
    }
}

/// A part of its own: what is there stays as it is, also for a provider that keeps what it read.
fn add(message: &mut ChatMessage, words: &str) {
    let before = message.parts.iter().any(|part| part.as_text().is_some_and(|text| !text.is_empty()));
    message.parts.push(Part::text(if before { format!("\n\n{words}") } else { words.to_owned() }));
}

/// The name of the type in letters that every provider takes.
pub(super) fn name_of(schema: &Value) -> String {
    let title = schema.get("title").and_then(Value::as_str).unwrap_or_default();
    let clean = title.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' });
    let name: String = clean.take(NAME_BYTES_MAX).collect();
    if name.is_empty() { "answer".to_owned() } else { name }
}
