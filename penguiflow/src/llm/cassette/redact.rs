//! Takes secrets out of what is written down. Must not know where it is written.

use crate::llm::transport::{HeaderText, HttpRequest};
use crate::secret::Secret;
use serde_json::Value;
use std::fmt::Write as _;

/// What stands in the place of a secret.
const REDACTED: &str = "[redacted]";
/// Shorter secrets are not looked for: they would be found everywhere.
const SECRET_BYTES_MIN: usize = 4;
/// The same for values of headers that only may be confidential, such as the name of an organisation.
const HEADER_BYTES_MIN: usize = 8;

/// Knows the secrets of one exchange.
pub(super) struct Redactor {
    /// The longest first, so that no part of one is left.
    needles: Vec<Secret<Vec<u8>>>,
}

impl Redactor {
    /// Knows those that the request sends, and these.
    pub(super) fn new(request: &HttpRequest, more: &[Secret]) -> Self {
        let mut redactor = Redactor { needles: Vec::new() };
        more.iter().for_each(|secret| redactor.know(secret.expose(), SECRET_BYTES_MIN));
        for (name, value) in &request.headers {
            match value {
                HeaderText::Secret(secret) => redactor.know(secret.expose(), SECRET_BYTES_MIN),
                HeaderText::Open(value) => redactor.know_header(name, value),
            }
        }
        redactor
    }

    /// Learns the value of a header, if it is a confidential one.
    pub(super) fn know_header(&mut self, name: &str, value: &str) {
        if is_confidential(name) {
            self.know(value, HEADER_BYTES_MIN);
        }
    }

    fn know(&mut self, secret: &str, least: usize) {
        // `Bearer sk-1` is told of as `sk-1`, too.
        let bare = secret.split_once(' ').map(|(_, bare)| bare);
        for text in [Some(secret), bare].into_iter().flatten().map(str::trim).filter(|text| text.len() >= least) {
            let escaped = Value::from(text).to_string();
            // One quote on each side: a secret may end with one of its own.
            let escaped = escaped.get(1..escaped.len() - 1).unwrap_or_default();
            for form in [text, escaped, &percent(text, false), &percent(text, true)] {
                if !self.needles.iter().any(|needle| needle.expose() == form.as_bytes()) {
                    self.needles.push(Secret::new(form.as_bytes().to_vec()));
                }
            }
        }
        self.needles.sort_by_key(|needle| std::cmp::Reverse(needle.expose().len()));
    }

    /// The value of a header as it may be written.
    pub(super) fn header(&self, name: &str, value: &str) -> String {
        if is_confidential(name) { REDACTED.to_owned() } else { self.text(value) }
    }

    pub(super) fn text(&self, text: &str) -> String {
        let bytes = self.pieces(&[text.as_bytes()]).concat();
        // Whole characters were put in the place of whole characters.
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The same pieces without secrets, also without those that are cut in two: their place is in the piece where they begin.
    pub(super) fn pieces(&self, pieces: &[&[u8]]) -> Vec<Vec<u8>> {
        let all = pieces.concat();
        let mut found = self.find(&all).into_iter().peekable();
        let (mut at, mut hidden) = (0, 0);
        let written = pieces.iter().map(|piece| {
            let end = at + piece.len();
            let mut out = Vec::with_capacity(piece.len());
            while let Some((start, length)) = found.next_if(|(start, _)| *start < end) {
                out.extend_from_slice(all.get(hidden.max(at)..start).unwrap_or_default());
                out.extend_from_slice(REDACTED.as_bytes());
                hidden = start + length;
            }
            out.extend_from_slice(all.get(hidden.max(at)..end).unwrap_or_default());
            at = end;
            out
        });
        written.collect()
    }

    /// Where secrets stand, and how long they are; none inside another one.
    fn find(&self, all: &[u8]) -> Vec<(usize, usize)> {
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(rest) = all.get(at..).filter(|rest| !rest.is_empty()) {
            let length = self.needles.iter().map(Secret::expose).find(|needle| rest.starts_with(needle)).map(Vec::len);
            found.extend(length.map(|length| (at, length)));
            at += length.unwrap_or(1);
        }
        found
    }

    /// A JSON value without secrets, in its keys as well.
    pub(super) fn json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(all) => all.into_iter().map(|one| self.json(one)).collect(),
            Value::Object(fields) => {
                fields.into_iter().map(|(key, value)| (self.text(&key), self.json(value))).collect()
            }
            Value::Number(number) => {
                let (shown, written) = (number.to_string(), self.text(&number.to_string()));
                if shown == written { Value::Number(number) } else { Value::String(written) }
            }
            Value::Null | Value::Bool(_) => value,
        }
    }
}

/// Whether the value of a header is nobody else's to read.
fn is_confidential(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = ["-key", "-token", "-secret", "-org-id", "-account-id", "-user-project", "-signature"];
    let has = ["authorization", "cookie", "organization", "organisation", "credential"];
    name == "openai-project" || ends.iter().any(|end| name.ends_with(end)) || has.iter().any(|word| name.contains(word))
}

/// As a URL has it, in big or small letters.
fn percent(text: &str, small: bool) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        // Writing to a `String` cannot fail.
        let _ = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => write!(out, "{}", char::from(byte)),
            byte if small => write!(out, "%{byte:02x}"),
            byte => write!(out, "%{byte:02X}"),
        };
    }
    out
}

#[cfg(test)]
mod tests;
