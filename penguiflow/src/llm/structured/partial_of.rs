//! A typed value while a model writes it. Must not know who listens.

use crate::llm::chat::event::ChatEvent;
use crate::llm::dialect::Translation;
use crate::llm::partial::Partial;
use crate::llm::profile::OutputMode;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::marker::PhantomData;
use std::sync::Arc;

/// The value of a [`Plan`](crate::llm::structured::Plan) as far as it stands.
///
/// *Time*: that of a [`Partial`] for what is pushed; [`read`](PartialOf::read) copies the value so far, so it is for moments and not for
/// each step.
#[derive(Debug)]
pub struct PartialOf<T> {
    partial: Partial,
    mode: OutputMode,
    said: Arc<Translation>,
    of: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> PartialOf<T> {
    pub(super) fn new(mode: OutputMode, said: Arc<Translation>) -> Self {
        PartialOf { partial: Partial::object(), mode, said, of: PhantomData }
    }

    /// Takes a step of the answer, and says whether it belongs to the value: the text, or the arguments of the tool. After a
    /// [`Restart`](ChatEvent::Restart) it begins anew.
    pub fn push(&mut self, event: &ChatEvent) -> bool {
        match (self.mode, event) {
            (OutputMode::Tool, ChatEvent::Arguments { json, .. }) => self.partial.push(json),
            (OutputMode::Native | OutputMode::Prompted, ChatEvent::Text { text, .. }) => self.partial.push(text),
            (_, ChatEvent::Restart) => self.partial = Partial::object(),
            (
                _,
                ChatEvent::Text { .. }
                | ChatEvent::Arguments { .. }
                | ChatEvent::Reasoning { .. }
                | ChatEvent::ToolCall { .. }
                | ChatEvent::Signature { .. }
                | ChatEvent::End(_),
            ) => return false,
        }
        true
    }

    /// The value so far, as the model writes it: a field that may be left out may be `null` yet.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        let value = self.partial.value()?;
        match self.said.wrapped_in() {
            Some(field) => value.get(field),
            None => Some(value),
        }
    }

    /// The value so far as a `T`, if it is one already. It is not checked: that is done with the whole.
    #[must_use]
    pub fn read(&self) -> Option<T> {
        let value = self.said.unwrap_value(self.partial.value()?.clone());
        serde_json::from_value(value).ok()
    }
}
