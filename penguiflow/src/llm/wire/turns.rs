//! Sorts a conversation for formats that know two speakers, and system messages apart. Must not know how a format writes it.

use crate::llm::chat::media::{Image, Source};
use crate::llm::chat::message::{Cache, ChatMessage, Role};
use crate::llm::chat::part::{Part, ToolCall};
use crate::llm::chat::request::{ChatRequest, OutputSpec};
use crate::llm::error::LlmError;
use crate::llm::profile::Profile;
use crate::llm::wire::checks::{check, invalid, unsupported};
use serde_json::{Map, Value, json};

/// A conversation, sorted.
pub(crate) struct Conversation<'a> {
    /// The words of all system messages, in their order, with those from the middle of the conversation.
    pub(crate) system: Vec<&'a ChatMessage>,
    /// The others. The speaker changes from each to the next.
    pub(crate) turns: Vec<Turn<'a>>,
}

/// What one speaker says before the other one does.
pub(crate) struct Turn<'a> {
    pub(crate) speaker: Speaker,
    pub(crate) messages: Vec<&'a ChatMessage>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// Whoever asks, and the tools.
    User,
    Model,
}

/// Sorts, if the model can do all that is asked. What several tools gave becomes one turn, as formats of two speakers want it.
pub(crate) fn sort<'a>(request: &'a ChatRequest, profile: &Profile) -> Result<Conversation<'a>, LlmError> {
    check(request, profile)?;
    let (mut system, mut turns) = (Vec::new(), Vec::<Turn<'_>>::new());
    for message in &request.messages {
        message.parts.iter().try_for_each(|part| check_part(part, profile))?;
        let speaker = match message.role {
            Role::System if !profile.system => return Err(unsupported("the model takes no system messages")),
            Role::System => {
                system.push(message);
                continue;
            }
            Role::User | Role::Tool => Speaker::User,
            Role::Assistant => Speaker::Model,
        };
        match turns.last_mut() {
            Some(turn) if turn.speaker == speaker => turn.messages.push(message),
            _ => turns.push(Turn { speaker, messages: vec![message] }),
        }
    }
    Ok(Conversation { system, turns })
}

/// How many places of a conversation can be cached, at [Anthropic](https://platform.claude.com/docs/en/build-with-claude/prompt-caching) and at
/// [Bedrock](https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html).
const CACHED_MAX: usize = 4;

/// Which messages end a part of the conversation that is cached: of those that are marked, the last four.
pub(crate) struct Marks {
    /// So many more are passed over.
    over: usize,
}

impl Marks {
    pub(crate) fn of(messages: &[ChatMessage]) -> Self {
        let marked = messages.iter().filter(|message| message.cache.is_some()).count();
        Marks { over: marked.saturating_sub(CACHED_MAX) }
    }

    /// Whether what this message ends is cached. They are asked for in the order in which they are written.
    pub(crate) fn next(&mut self, message: &ChatMessage) -> Option<Cache> {
        let cache = message.cache?;
        if self.over == 0 {
            return Some(cache);
        }
        self.over -= 1;
        None
    }
}

/// The arguments of a call as a JSON object. What the model wrote wrongly is shown to it as it wrote it, under the name that
/// [Anthropic proposes](https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming).
pub(crate) fn arguments(call: &ToolCall) -> Value {
    match serde_json::from_str(call.arguments_or_empty()) {
        Ok(Value::Object(object)) => Value::Object(object),
        Ok(_) | Err(_) => json!({ "INVALID_JSON": call.arguments }),
    }
}

/// The schema of an answer, with its description in it where a format has no other place for that.
pub(crate) fn described(spec: &OutputSpec) -> Value {
    let mut schema = spec.schema.clone();
    if let (Some(fields), Some(description)) = (schema.as_object_mut(), &spec.description) {
        fields.entry("description").or_insert_with(|| description.clone().into());
    }
    schema
}

/// Puts the provider's own fields of a request into its body.
pub(crate) fn with_extra(mut body: Map<String, Value>, extra: &Map<String, Value>) -> Value {
    body.extend(extra.iter().map(|(field, value)| (field.clone(), value.clone())));
    Value::Object(body)
}

/// Refuses what the model takes in no format.
fn check_part(part: &Part, profile: &Profile) -> Result<(), LlmError> {
    match part {
        Part::Image(_) if !profile.images => Err(unsupported("the model looks at no pictures")),
        Part::Image(Image { media_type, source: Source::Bytes(bytes), .. }) if media_type.is_empty() => {
            Err(invalid("messages", format!("a picture of {} bytes has no media type", bytes.len())))
        }
        Part::Audio(_) if !profile.audio => Err(unsupported("the model does not listen")),
        Part::ToolResult(result) => result.content.iter().try_for_each(|part| check_part(part, profile)),
        Part::Text(_) | Part::Image(_) | Part::Audio(_) | Part::ToolCall(_) | Part::Reasoning(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests;
