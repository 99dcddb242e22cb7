//! Keeps the thoughts that OpenRouter wants back as they came. Must not read them.
//!
//! <https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks>

use serde_json::{Map, Value};

/// The format that such a signature belongs to.
pub(crate) const FORMAT: &str = "openrouter";

/// The blocks so far, each put together from its pieces.
#[derive(Debug, Default)]
pub(super) struct Details(Vec<Map<String, Value>>);

impl Details {
    /// Takes more pieces: one belongs to the last block if it has its number and its type.
    pub(super) fn feed(&mut self, pieces: &[Value]) {
        for piece in pieces.iter().filter_map(Value::as_object) {
            let is_same = |last: &&mut Map<String, Value>| {
                piece.contains_key("index") && ["index", "type"].iter().all(|name| last.get(*name) == piece.get(*name))
            };
            match self.0.last_mut().filter(is_same) {
                Some(last) => add(last, piece),
                None => self.0.push(piece.clone()),
            }
        }
    }

    /// All blocks, if there are any.
    pub(super) fn take(&mut self) -> Option<Value> {
        let all = std::mem::take(&mut self.0);
        (!all.is_empty()).then(|| all.into_iter().map(Value::Object).collect())
    }
}

fn add(block: &mut Map<String, Value>, piece: &Map<String, Value>) {
    for (name, value) in piece {
        match (name.as_str(), block.get_mut(name), value) {
            (_, _, Value::Null) => {}
            ("text" | "summary" | "data", Some(Value::String(text)), Value::String(more)) => text.push_str(more),
            _ => {
                block.insert(name.clone(), value.clone());
            }
        }
    }
}
