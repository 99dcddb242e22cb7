//! How one line looks, as JSON and for people. Pure: no clock, no output.

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};
use std::fmt::Write as _;
use tracing::Level;

/// How many characters of a text field people see.
const CHARS_MAX: usize = 100;

/// The keys of a line itself. A field of that name is written with a `_` behind it.
const OWN: [&str; 5] = ["timestamp", "level", "target", "message", "spans"];

/// What is known of one line.
pub(super) struct Line<'a> {
    pub(super) timestamp: String,
    pub(super) level: Level,
    pub(super) target: &'a str,
    pub(super) message: Option<String>,
    /// The names of the spans around it, the outermost first.
    pub(super) spans: Vec<&'static str>,
    /// The fields of the spans, and over them its own.
    pub(super) fields: Map<String, Value>,
}

impl Line<'_> {
    pub(super) fn json(&self, indent: bool) -> String {
        let text = if indent { serde_json::to_string_pretty(self) } else { serde_json::to_string(self) };
        // Values of JSON and keys that are texts are always written.
        text.unwrap_or_default()
    }

    /// `2026-11-22T10:00:00.000000Z  INFO support: ready [answer=42, name="pingu"]`
    pub(super) fn human(&self) -> String {
        let Line { timestamp, level, target, message, spans: _, fields } = self;
        let mut text = format!("{timestamp} {level:>5} {target}:");
        if let Some(message) = message {
            text.push(' ');
            push_on_one_line(&mut text, message);
        }
        for (number, (name, value)) in fields.iter().enumerate() {
            text.push_str(if number == 0 { " [" } else { ", " });
            let value = match value {
                Value::String(whole) => Value::String(cut(whole)),
                other => other.clone(),
            };
            // Writing to a `String` cannot fail. JSON's own quoting keeps it on one line.
            let _ = write!(text, "{name}={value}");
        }
        if !fields.is_empty() {
            text.push(']');
        }
        text
    }
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Line { timestamp, level, target, message, spans, fields } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("timestamp", timestamp)?;
        map.serialize_entry("level", level.as_str())?;
        map.serialize_entry("target", target)?;
        if let Some(message) = message {
            map.serialize_entry("message", message)?;
        }
        if !spans.is_empty() {
            map.serialize_entry("spans", spans)?;
        }
        for (name, value) in fields {
            match OWN.contains(&name.as_str()) {
                true => map.serialize_entry(&format!("{name}_"), value)?,
                false => map.serialize_entry(name, value)?,
            }
        }
        map.end()
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(CHARS_MAX) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", &text[..end]),
    }
}

/// A line break in a message must not look like the next line.
fn push_on_one_line(into: &mut String, message: &str) {
    for character in message.chars() {
        match character.is_control() {
            true => into.extend(character.escape_default()),
            false => into.push(character),
        }
    }
}
