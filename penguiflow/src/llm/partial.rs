//! The value of a JSON text that is still being written, as far as it stands. Must not know what it is for.

use serde::Deserialize;
use serde_json::{Map, Value};

mod escape;

use crate::llm::partial::escape::{Escape, Taken};

/// How deep a value may be: as deep as `serde_json` reads one.
const DEPTH_MAX: usize = 127;
/// How long a text may be, in bytes.
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// Reads a JSON value while it is written.
///
/// ```
/// use penguiflow::llm::Partial;
/// use serde_json::json;
///
/// let mut answer = Partial::new();
/// answer.push("Here you are:\n```json\n{\"dish\": \"kri");
/// assert_eq!(answer.value(), Some(&json!({"dish": "kri"})));
/// answer.push("ll\", \"tons\": 1");
/// // Whether it is 1 or 12 is not known yet.
/// assert_eq!(answer.value(), Some(&json!({"dish": "krill"})));
/// answer.push("2}\n```");
/// assert_eq!(answer.value(), Some(&json!({"dish": "krill", "tons": 12})));
/// assert!(answer.is_complete());
/// ```
///
/// A string is given as far as it stands; a key, a number or a word once it is complete. So what is given only ever grows, and the
/// last that is given is what `serde_json` reads, of two fields of one name the last one.
///
/// It begins at the first `{` or `[` of the text, or with a value that begins the text. What proves to be no JSON is left, and looked for
/// again behind it: then [`value`](Partial::value) is none until there is another one. It reads JSON, with raw line breaks in strings; for
/// what is less than that, [`lenient`](crate::llm::lenient) reads the whole text once it is there. What stands behind a complete object or
/// list is not looked at.
///
/// *Limits*: 127 levels, as `serde_json`; 64 MiB, behind which nothing is added. *Time*: in proportion to what is pushed; each push adds one
/// look at each open level. Nothing is copied but the text itself.
#[derive(Clone, Debug)]
pub struct Partial {
    mode: Mode,
    /// Objects only; lists are passed over.
    objects: bool,
    /// The value between two pushes.
    root: Option<Value>,
    /// What is open, outermost first.
    open: Vec<Open>,
    /// What is open, while there is a push: `open` says where each belongs in the one before it.
    built: Vec<Value>,
    /// What was read of a key, number or word.
    word: String,
    /// The escape that the text is in.
    escape: Option<Escape>,
    bytes: usize,
}

#[derive(Clone, Debug)]
enum Open {
    List,
    /// With the key of the field that is being read.
    Object(String),
    Text,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    /// Nothing was read but blanks.
    Start,
    /// Looks for a bracket.
    Seek,
    Value,
    /// A value, or the end of a list.
    ValueOrEnd,
    Key,
    /// A key, or the end of an object.
    KeyOrEnd,
    KeyText,
    Colon,
    Text,
    /// A number, `true`, `false` or `null`.
    Word,
    AfterValue,
    Done,
    /// It is too deep or too long.
    Stopped,
}

impl Default for Partial {
    fn default() -> Self {
        Partial::new()
    }
}

impl Partial {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Partial {
            mode: Mode::Start,
            objects: false,
            root: None,
            open: Vec::new(),
            built: Vec::new(),
            word: String::new(),
            escape: None,
            bytes: 0,
        }
    }

    /// Nothing yet, and only an object will do: a list in the words before it is passed over.
    #[must_use]
    pub fn object() -> Self {
        Partial { mode: Mode::Seek, objects: true, ..Partial::new() }
    }

    /// Takes the next piece of the text, wherever it was cut.
    pub fn push(&mut self, piece: &str) {
        self.bytes = self.bytes.saturating_add(piece.len());
        if self.bytes > BYTES_MAX {
            self.mode = Mode::Stopped;
        }
        self.unfold();
        let mut rest = piece;
        while !rest.is_empty() && self.mode != Mode::Stopped {
            rest = self.step(rest);
        }
        self.fold();
    }

    /// The text is over: a number that it ends with is complete.
    pub fn finish(&mut self) {
        self.unfold();
        if self.mode == Mode::Word {
            self.end_word();
        }
        self.fold();
    }

    /// The value so far; none while there is no begin of one.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        self.root.as_ref()
    }

    /// The value so far as a `T`, if it is one already: fields that are not there yet have to be optional in it.
    #[must_use]
    pub fn read<'v, T: Deserialize<'v>>(&'v self) -> Option<T> {
        T::deserialize(self.value()?).ok()
    }

    /// Whether the value is complete.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.mode == Mode::Done
    }

    /// Takes the open levels apart, outermost first, so that each is at hand.
    fn unfold(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let mut next = self.root.take();
        for (at, open) in self.open.iter().enumerate() {
            let Some(mut value) = next.take() else { break };
            if at + 1 < self.open.len() {
                next = slot(&mut value, open).map(std::mem::take);
            }
            self.built.push(value);
        }
    }

    fn fold(&mut self) {
        while let Some(value) = self.built.pop() {
            let at = self.built.len().checked_sub(1).and_then(|at| self.open.get(at));
            match (self.built.last_mut(), at) {
                (Some(parent), Some(open)) => {
                    if let Some(slot) = slot(parent, open) {
                        *slot = value;
                    }
                }
                _ => self.root = Some(value),
            }
        }
    }

    /// Reads on, and gives what is left.
    fn step<'p>(&mut self, rest: &'p str) -> &'p str {
        match self.mode {
            Mode::Start
            | Mode::Value
            | Mode::ValueOrEnd
            | Mode::Key
            | Mode::KeyOrEnd
            | Mode::Colon
            | Mode::AfterValue => {
                let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
                match trimmed.chars().next() {
                    Some(letter) => self.letter(letter, trimmed),
                    None => "",
                }
            }
            Mode::Seek => {
                let found = if self.objects { rest.find('{') } else { rest.find(['{', '[']) };
                let Some(rest) = found.and_then(|at| rest.get(at..)) else { return "" };
                match rest.chars().next() {
                    Some(letter) => self.value_begins(letter, rest),
                    None => "",
                }
            }
            Mode::KeyText | Mode::Text => self.text(rest),
            Mode::Word => {
                let is_more = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
                let length = rest.bytes().take_while(is_more).count();
                let (more, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
                self.word.push_str(more);
                if !behind.is_empty() {
                    self.end_word();
                }
                behind
            }
            Mode::Done => {
                let is_whole = matches!(self.root, Some(Value::Object(_) | Value::Array(_)));
                if !is_whole && !rest.trim_start().is_empty() {
                    // A word that begins a sentence, and not a value for itself.
                    self.leave();
                    return rest;
                }
                ""
            }
            Mode::Stopped => "",
        }
    }

    fn letter<'p>(&mut self, letter: char, rest: &'p str) -> &'p str {
        let behind = rest.get(letter.len_utf8()..).unwrap_or_default();
        match (self.mode, letter) {
            (Mode::ValueOrEnd, ']') | (Mode::KeyOrEnd, '}') => self.close(),
            (Mode::Start | Mode::Value | Mode::ValueOrEnd, _) => return self.value_begins(letter, rest),
            (Mode::Key | Mode::KeyOrEnd, '"') => self.mode = Mode::KeyText,
            (Mode::Colon, ':') => self.mode = Mode::Value,
            (Mode::AfterValue, ',') => {
                self.mode = match self.open.last() {
                    Some(Open::Object(_)) => Mode::Key,
                    Some(Open::List | Open::Text) | None => Mode::Value,
                }
            }
            (Mode::AfterValue, ']') if matches!(self.open.last(), Some(Open::List)) => self.close(),
            (Mode::AfterValue, '}') if matches!(self.open.last(), Some(Open::Object(_))) => self.close(),
            _ => {
                self.leave();
                return rest;
            }
        }
        behind
    }

    fn value_begins<'p>(&mut self, letter: char, rest: &'p str) -> &'p str {
        let behind = rest.get(letter.len_utf8()..).unwrap_or_default();
        match letter {
            '{' => self.open(Open::Object(String::new()), Value::Object(Map::new()), Mode::KeyOrEnd),
            '[' => self.open(Open::List, Value::Array(Vec::new()), Mode::ValueOrEnd),
            '"' => self.open(Open::Text, Value::String(String::new()), Mode::Text),
            '-' | '0'..='9' | 't' | 'f' | 'n' => {
                self.mode = Mode::Word;
                return rest;
            }
            _ => {
                self.leave();
                return rest;
            }
        }
        behind
    }

    fn open(&mut self, open: Open, empty: Value, mode: Mode) {
        if self.open.len() >= DEPTH_MAX && !matches!(open, Open::Text) {
            self.leave();
            self.mode = Mode::Stopped;
            return;
        }
        // Its place, which is filled when the push ends.
        self.put(Value::Null);
        self.open.push(open);
        self.built.push(empty);
        self.mode = mode;
    }

    /// Puts a value into what is open.
    fn put(&mut self, value: Value) {
        match (self.built.last_mut(), self.open.last_mut()) {
            (Some(Value::Array(values)), Some(Open::List)) => values.push(value),
            (Some(Value::Object(fields)), Some(Open::Object(key))) => match fields.get_mut(key.as_str()) {
                Some(field) => *field = value,
                None => {
                    fields.insert(key.clone(), value);
                }
            },
            _ => self.root = Some(value),
        }
        self.mode = if self.open.is_empty() { Mode::Done } else { Mode::AfterValue };
    }

    fn close(&mut self) {
        self.open.pop();
        let value = self.built.pop();
        self.mode = if self.open.is_empty() { Mode::Done } else { Mode::AfterValue };
        let place = match (self.built.last_mut(), self.open.last()) {
            (Some(parent), Some(open)) => slot(parent, open),
            _ => {
                self.root = value;
                return;
            }
        };
        if let (Some(place), Some(value)) = (place, value) {
            *place = value;
        }
    }

    fn end_word(&mut self) {
        match serde_json::from_str::<Value>(&self.word) {
            Ok(value) => self.put(value),
            Err(_) => self.leave(),
        }
        self.word.clear();
    }

    fn text<'p>(&mut self, rest: &'p str) -> &'p str {
        if let Some(mut escape) = self.escape.take() {
            let (length, taken) = escape.take(rest);
            match taken {
                Taken::More => self.escape = Some(escape),
                Taken::Letter(letter) => self.say(letter.encode_utf8(&mut [0; 4])),
                Taken::Words(words) => self.say(&words),
            }
            return rest.get(length..).unwrap_or_default();
        }
        let length = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(rest.len());
        let (words, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        self.say(words);
        match behind.as_bytes().first() {
            Some(b'\\') => self.escape = Some(Escape::default()),
            Some(_) if self.mode == Mode::Text => self.close(),
            Some(_) => {
                if let Some(Open::Object(key)) = self.open.last_mut() {
                    std::mem::swap(key, &mut self.word);
                }
                self.word.clear();
                self.mode = Mode::Colon;
            }
            None => {}
        }
        behind.get(1..).unwrap_or_default()
    }

    fn say(&mut self, words: &str) {
        match (self.mode, self.built.last_mut()) {
            (Mode::Text, Some(Value::String(text))) => text.push_str(words),
            _ => self.word.push_str(words),
        }
    }

    /// It was no JSON; another one may follow.
    fn leave(&mut self) {
        self.open.clear();
        self.built.clear();
        self.word.clear();
        self.escape = None;
        self.root = None;
        self.mode = Mode::Seek;
    }
}

/// Where what is being read belongs in what is open around it.
fn slot<'v>(parent: &'v mut Value, open: &Open) -> Option<&'v mut Value> {
    match (parent, open) {
        (Value::Array(values), Open::List) => values.last_mut(),
        (Value::Object(fields), Open::Object(key)) => fields.get_mut(key.as_str()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
