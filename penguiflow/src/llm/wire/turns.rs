//! Sorts a conversation for formats that know two speakers, and system messages apart. Must not know how a format writes it.

use crate::llm::chat::message::{Cache, ChatMessage, Role};
use crate::llm::chat::part::{Part, ToolCall};
use crate::llm::error::{LlmError, LlmErrorKind};
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

/// Sorts. What several tools gave becomes one turn, as formats of two speakers want it.
pub(crate) fn sort(messages: &[ChatMessage]) -> Conversation<'_> {
    let (mut system, mut turns) = (Vec::new(), Vec::<Turn<'_>>::new());
    for message in messages {
        let speaker = match message.role {
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
    Conversation { system, turns }
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

/// Puts the provider's own fields of a request into its body.
pub(crate) fn with_extra(mut body: Map<String, Value>, extra: &Map<String, Value>) -> Value {
    body.extend(extra.iter().map(|(field, value)| (field.clone(), value.clone())));
    Value::Object(body)
}

/// The format has no words for it.
pub(crate) fn unsupported(what: impl Into<String>) -> LlmError {
    LlmError::new(LlmErrorKind::Unsupported, what)
}

/// A part stands in a message where it means nothing.
pub(crate) fn misplaced(part: &Part, role: Role) -> LlmError {
    let who = match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    };
    let kind = LlmErrorKind::InvalidRequest { field: Some("messages".to_owned()) };
    LlmError::new(kind, format!("a message of the role `{who}` holds a part `{}`", part.kind()))
}

#[cfg(test)]
mod tests;
