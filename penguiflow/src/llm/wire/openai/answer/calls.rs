//! Puts the pieces of tool calls together, in whichever way a server cuts them. Must not know what else is told.

use crate::llm::chat::event::ChatEvent;
use crate::llm::error::{LlmError, LlmErrorKind};
use serde_json::Value;

/// The calls of one answer.
#[derive(Debug, Default)]
pub(super) struct Calls(Vec<Call>);

#[derive(Debug)]
struct Call {
    index: Option<u64>,
    id: String,
    /// Its part, once its name is known and it was told.
    part: Option<u32>,
    /// Arguments that came before the name.
    early: String,
}

/// A piece of a call; an id or a name that is empty is not told.
pub(super) struct Piece<'a> {
    pub(super) index: Option<u64>,
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) arguments: String,
}

impl Calls {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the next piece of a call. `parts`: how many parts the answer has so far.
    pub(super) fn feed_value(&mut self, piece: &Value, parts: &mut u32, told: &mut Vec<ChatEvent>) {
        let function = piece.get("function").unwrap_or(&Value::Null);
        let text =
            |value: &'_ Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let arguments = match function.get("arguments") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(json)) => json.clone(),
            // Servers are met that write them as JSON in the JSON.
            Some(json) => json.to_string(),
        };
        let index = piece.get("index").and_then(Value::as_u64);
        let piece = Piece { index, id: &text(piece, "id"), name: &text(function, "name"), arguments };
        self.feed(piece, parts, told);
    }

    /// As [`feed_value`](Calls::feed_value), of a piece that is read already.
    pub(super) fn feed(&mut self, piece: Piece<'_>, parts: &mut u32, told: &mut Vec<ChatEvent>) {
        let Piece { index, id, name, arguments } = piece;
        let call = self.call(index, id, name);
        if call.id.is_empty() && call.part.is_none() {
            id.clone_into(&mut call.id);
        }
        let (part, json) = match call.part {
            Some(part) => (part, arguments),
            None if name.is_empty() => return call.early.push_str(&arguments),
            None => {
                let part = *parts;
                *parts += 1;
                call.part = Some(part);
                told.push(ChatEvent::ToolCall { part, id: call.id.clone(), name: name.to_owned() });
                (part, std::mem::take(&mut call.early) + &arguments)
            }
        };
        if !json.is_empty() {
            told.push(ChatEvent::Arguments { part, json });
        }
    }

    /// The call that a piece belongs to. Servers are met that number all calls 0, and that number none.
    fn call(&mut self, index: Option<u64>, id: &str, name: &str) -> &mut Call {
        let known = match index {
            Some(_) => self.0.iter().rposition(|call| call.index == index),
            None if !id.is_empty() => self.0.iter().rposition(|call| call.id == id),
            None if !name.is_empty() => None,
            None => self.0.len().checked_sub(1),
        };
        let is_same = |call: &Call| id.is_empty() || call.id.is_empty() || call.id == id || name.is_empty();
        let at = match known.filter(|&at| self.0.get(at).is_some_and(is_same)) {
            Some(at) => at,
            None => {
                self.0.push(Call { index, id: String::new(), part: None, early: String::new() });
                self.0.len() - 1
            }
        };
        &mut self.0[at]
    }

    /// No more pieces come.
    pub(super) fn finish(&self) -> Result<(), LlmError> {
        match self.0.iter().any(|call| call.part.is_none()) {
            true => Err(LlmError::new(LlmErrorKind::ContentParse, "the model asks for a tool that has no name")),
            false => Ok(()),
        }
    }
}
