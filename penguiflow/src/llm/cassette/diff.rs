//! Tells in what a request differs from the recorded one. Pure.

use crate::llm::cassette::error::Difference;
use crate::llm::cassette::tape::{Asked, Content};
use serde_json::Value;

/// How many differences are told.
const TOLD_MAX: usize = 20;
/// How much of a value is shown, in letters.
const LETTERS_MAX: usize = 200;

/// All differences, of which the first twenty are told; none where the requests are the same.
pub(super) fn differences(recorded: &Asked, asked: &Asked) -> (usize, Vec<Difference>) {
    let mut found = Found::default();
    found.texts("method", &recorded.method, &asked.method);
    found.texts("url", &recorded.url, &asked.url);
    match (&recorded.body, &asked.body) {
        (Content::Json(one), Content::Json(other)) => found.values("body", one, other),
        (one, other) if one != other => found.add("body", Some(shown(one)), Some(shown(other))),
        _ => {}
    }
    (found.count, found.told)
}

fn shown(content: &Content) -> String {
    match content {
        Content::Json(value) => value.to_string(),
        Content::Text(text) | Content::Base64(text) => Value::from(text.as_str()).to_string(),
    }
}

#[derive(Default)]
struct Found {
    count: usize,
    told: Vec<Difference>,
}

impl Found {
    fn texts(&mut self, path: &str, recorded: &str, asked: &str) {
        if recorded != asked {
            self.add(path, Some(Value::from(recorded).to_string()), Some(Value::from(asked).to_string()));
        }
    }

    fn values(&mut self, path: &str, recorded: &Value, asked: &Value) {
        match (recorded, asked) {
            (Value::Object(one), Value::Object(other)) => {
                for (key, value) in one {
                    match other.get(key) {
                        Some(asked) => self.values(&inside(path, key), value, asked),
                        None => self.add(&inside(path, key), Some(value.to_string()), None),
                    }
                }
                for (key, value) in other.iter().filter(|(key, _)| !one.contains_key(*key)) {
                    self.add(&inside(path, key), None, Some(value.to_string()));
                }
            }
            (Value::Array(one), Value::Array(other)) => {
                for (index, (value, asked)) in one.iter().zip(other).enumerate() {
                    self.values(&format!("{path}[{index}]"), value, asked);
                }
                for (index, value) in one.iter().enumerate().skip(other.len()) {
                    self.add(&format!("{path}[{index}]"), Some(value.to_string()), None);
                }
                for (index, value) in other.iter().enumerate().skip(one.len()) {
                    self.add(&format!("{path}[{index}]"), None, Some(value.to_string()));
                }
            }
            (one, other) if one != other => self.add(path, Some(one.to_string()), Some(other.to_string())),
            _ => {}
        }
    }

    fn add(&mut self, path: &str, recorded: Option<String>, asked: Option<String>) {
        self.count += 1;
        if self.told.len() == TOLD_MAX {
            return;
        }
        let from = recorded.as_deref().zip(asked.as_deref()).map_or(0, |(one, other)| first_change(one, other));
        let cut = |text: String| around(&text, from);
        self.told.push(Difference { path: path.to_owned(), recorded: recorded.map(cut), asked: asked.map(cut) });
    }
}

fn inside(path: &str, key: &str) -> String {
    let plain = !key.is_empty() && key.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if plain { format!("{path}.{key}") } else { format!("{path}[{}]", Value::from(key)) }
}

/// How many letters two texts have in common.
fn first_change(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count()
}

/// A text, or what of it stands around the letter `from`.
fn around(text: &str, from: usize) -> String {
    let letters = text.chars().count();
    if letters <= LETTERS_MAX {
        return text.to_owned();
    }
    let start = from.saturating_sub(LETTERS_MAX / 4).min(letters - LETTERS_MAX);
    let middle: String = text.chars().skip(start).take(LETTERS_MAX).collect();
    let (before, behind) = (if start > 0 { "…" } else { "" }, if start + LETTERS_MAX < letters { "…" } else { "" });
    format!("{before}{middle}{behind}")
}

#[cfg(test)]
mod tests;
