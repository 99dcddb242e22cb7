//! Puts an answer together from its steps. Must not know where they come from.

use crate::llm::chat::event::{ChatEvent, End};
use crate::llm::chat::message::{ChatMessage, Role};
use crate::llm::chat::part::{Part, Reasoning, Signature, Text, ToolCall};
use std::collections::{BTreeMap, HashSet};

/// An answer that grows step by step.
///
/// ```
/// use penguiflow::llm::{Assembly, ChatEvent, End, Finish};
///
/// let mut answer = Assembly::default();
/// answer.push(&ChatEvent::Text { part: 0, text: "Kri".to_owned() });
/// answer.push(&ChatEvent::Text { part: 0, text: "ll".to_owned() });
/// answer.push(&ChatEvent::End(End::new(Finish::Stop)));
/// assert!(answer.end().is_some());
/// assert_eq!(answer.into_message().text(), "Krill");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Assembly {
    parts: BTreeMap<u32, Part>,
    end: Option<End>,
}

impl Assembly {
    /// Takes the next step.
    pub fn push(&mut self, event: &ChatEvent) {
        match event {
            ChatEvent::Text { part, text } => self.text(*part, text),
            ChatEvent::Reasoning { part, text } => self.reasoning(*part, text),
            ChatEvent::ToolCall { part, id, name } => self.tool_call(*part, id, name),
            ChatEvent::Arguments { part, json } => self.arguments(*part, json),
            ChatEvent::Signature { part, signature } => self.sign(*part, signature),
            ChatEvent::Restart => *self = Assembly::default(),
            ChatEvent::End(end) => self.end = Some(end.clone()),
        }
    }

    /// Takes the next step, whose texts are moved where they begin a part.
    pub(crate) fn add(&mut self, event: ChatEvent) {
        match event {
            ChatEvent::Text { part, text } if !self.parts.contains_key(&part) => {
                self.parts.insert(part, Part::text(text));
            }
            ChatEvent::Arguments { part, json } => match self.parts.get_mut(&part) {
                Some(Part::ToolCall(call)) if call.arguments.is_empty() => call.arguments = json,
                _ => self.arguments(part, &json),
            },
            ChatEvent::End(end) => self.end = Some(end),
            ChatEvent::Text { .. }
            | ChatEvent::Reasoning { .. }
            | ChatEvent::ToolCall { .. }
            | ChatEvent::Signature { .. }
            | ChatEvent::Restart => self.push(&event),
        }
    }

    /// How the answer ended, if it has.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// The parts so far, in their order.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.values()
    }

    /// The message so far. Calls without an id get one, `call_0` for the first part of the message; parts that say nothing are left out.
    #[must_use]
    pub fn into_message(self) -> ChatMessage {
        let mut taken: HashSet<String> = HashSet::new();
        let parts = self.parts.into_iter().filter(|(_, part)| !is_empty(part)).map(|(number, mut part)| {
            if let Part::ToolCall(call) = &mut part
                && (call.id.is_empty() || !taken.insert(call.id.clone()))
            {
                call.id = format!("call_{number}");
                taken.insert(call.id.clone());
            }
            part
        });
        ChatMessage::new(Role::Assistant, parts.collect())
    }

    fn text(&mut self, part: u32, more: &str) {
        match self.parts.entry(part).or_insert_with(|| Part::text("")) {
            Part::Text(text) => text.text.push_str(more),
            Part::Image(_) | Part::Audio(_) | Part::ToolCall(_) | Part::ToolResult(_) | Part::Reasoning(_) => {}
        }
    }

    fn reasoning(&mut self, part: u32, more: &str) {
        match self.parts.entry(part).or_insert_with(|| Part::Reasoning(Reasoning::default())) {
            Part::Reasoning(reasoning) => reasoning.text.push_str(more),
            Part::Image(_) | Part::Audio(_) | Part::ToolCall(_) | Part::ToolResult(_) | Part::Text(_) => {}
        }
    }

    fn tool_call(&mut self, part: u32, id: &str, name: &str) {
        let signature = match self.parts.remove(&part) {
            // A signature may come before its call.
            Some(Part::Text(Text { text, signature })) if text.is_empty() => signature,
            _ => None,
        };
        self.parts.insert(part, Part::ToolCall(ToolCall { signature, ..ToolCall::new(id, name, "") }));
    }

    fn arguments(&mut self, part: u32, more: &str) {
        if let Some(Part::ToolCall(call)) = self.parts.get_mut(&part) {
            call.arguments.push_str(more);
        }
    }

    fn sign(&mut self, part: u32, signature: &Signature) {
        let signature = Some(signature.clone());
        match self.parts.entry(part).or_insert_with(|| Part::text("")) {
            Part::Text(text) => text.signature = signature,
            Part::ToolCall(call) => call.signature = signature,
            Part::Reasoning(reasoning) => reasoning.signature = signature,
            Part::Image(_) | Part::Audio(_) | Part::ToolResult(_) => {}
        }
    }
}

fn is_empty(part: &Part) -> bool {
    match part {
        Part::Text(Text { text, signature }) | Part::Reasoning(Reasoning { text, signature }) => {
            text.is_empty() && signature.is_none()
        }
        Part::Image(_) | Part::Audio(_) | Part::ToolCall(_) | Part::ToolResult(_) => false,
    }
}
