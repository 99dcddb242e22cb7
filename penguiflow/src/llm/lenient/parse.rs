//! Reads one object or list that is nearly JSON, in one pass. Must not know where else to look.

use crate::llm::lenient::found::{Repair, Repairs};
use crate::llm::lenient::text::{self, Quote, Use};
use serde_json::{Map, Value};
use std::ops::Range;

/// How deep a value may be: as deep as `serde_json` reads one.
pub(super) const DEPTH_MAX: usize = 127;

/// What came of it.
pub(super) struct Parsed {
    pub(super) outcome: Outcome,
    /// Where to look on: never before where the reading stopped, so that all of a text is read in linear time.
    pub(super) end: usize,
}

pub(super) enum Outcome {
    Value {
        value: Value,
        repairs: Repairs,
        cut: bool,
        items: Places,
    },
    /// It was read to its end, and must not be used.
    Refused(Refusal),
    /// It is no JSON; these complete parts of it are.
    Broken {
        pieces: Vec<(Value, Range<usize>)>,
        repairs: Repairs,
        lost_a_string: bool,
    },
}

/// Why something that looks like JSON is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NotANumber { word: String, at: usize },
    TooDeep { at: usize },
}

/// Where the objects and lists in a list stand, by their number in it.
type Places = Vec<(usize, Range<usize>)>;

enum Frame {
    List { start: usize, values: Vec<Value>, places: Places },
    Object { start: usize, fields: Map<String, Value>, key: Option<String>, places: Vec<(String, Range<usize>)> },
}

/// What is awaited.
enum State {
    Value,
    Key,
    /// A comma, or the end.
    After,
}

enum Step {
    Go(State),
    Cut,
    Broken { lost_a_string: bool },
    Done { value: Value, items: Places },
    Refused,
}

const BROKEN: Step = Step::Broken { lost_a_string: false };

pub(super) struct Parser<'t> {
    text: &'t str,
    at: usize,
    /// Whether other quotes than `"` begin a string, and a string may have quotes within it.
    lax: bool,
    frames: Vec<Frame>,
    repairs: Repairs,
    refusal: Option<Refusal>,
    /// A comma is the last thing that was read.
    comma: bool,
}

/// Reads the object or list that begins at `at`.
pub(super) fn parse(text: &str, at: usize, lax: bool) -> Parsed {
    let mut parser =
        Parser { text, at, lax, frames: Vec::new(), repairs: Repairs::default(), refusal: None, comma: false };
    let mut step = parser.value();
    loop {
        step = match step {
            Step::Go(State::Value) => parser.value(),
            Step::Go(State::Key) => parser.key(),
            Step::Go(State::After) => parser.after(),
            Step::Cut => return parser.cut(),
            Step::Broken { lost_a_string } => return parser.broken(lost_a_string),
            Step::Done { value, items } => return parser.done(value, items, false),
            Step::Refused => return parser.refused(),
        }
    }
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Goes over blanks and comments to the next letter. The end of a fence is the end of the text.
    fn next(&mut self) -> Option<char> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches(BLANKS);
            self.at += rest.len() - trimmed.len();
            let end = if trimmed.starts_with("//") || trimmed.starts_with('#') {
                trimmed.find('\n')
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").map(|at| at + 2)
            } else if trimmed.starts_with("```") {
                return None;
            } else {
                return trimmed.chars().next();
            };
            self.repairs.add(Repair::Comments);
            self.at += end.unwrap_or(trimmed.len());
        }
    }

    fn value(&mut self) -> Step {
        let Some(letter) = self.next() else { return Step::Cut };
        match letter {
            '{' | '[' => self.open(letter),
            ']' if matches!(self.frames.last(), Some(Frame::List { .. })) => self.close(),
            '-' | '+' | '0'..='9' => self.number(),
            _ => match Quote::opened_by(letter) {
                Some(quote) => self.string(letter, quote),
                None => self.word(),
            },
        }
    }

    fn open(&mut self, letter: char) -> Step {
        if self.frames.len() >= DEPTH_MAX {
            self.refusal.get_or_insert(Refusal::TooDeep { at: self.at });
            return self.skip();
        }
        let start = self.at;
        self.at += 1;
        self.comma = false;
        if letter == '{' {
            self.frames.push(Frame::Object { start, fields: Map::new(), key: None, places: Vec::new() });
            return Step::Go(State::Key);
        }
        self.frames.push(Frame::List { start, values: Vec::new(), places: Vec::new() });
        Step::Go(State::Value)
    }

    /// Goes to the end of what is too deep, without a place for each level.
    fn skip(&mut self) -> Step {
        let mut depth = 0_usize;
        while let Some(at) = self.rest().find(['{', '}', '[', ']', '"']) {
            let letter = self.rest().as_bytes().get(at).copied();
            self.at += at + 1;
            match letter {
                Some(b'{' | b'[') => depth += 1,
                Some(b'"') => match text::read(self.text, self.at, Quote::Double, Use::Plain) {
                    Some(read) => self.at = read.end,
                    None => break,
                },
                _ if depth <= 1 => return self.put(Value::Null, None),
                _ => depth -= 1,
            }
        }
        self.at = self.text.len();
        Step::Refused
    }

    fn string(&mut self, letter: char, quote: Quote) -> Step {
        if quote != Quote::Double && !self.lax {
            return BROKEN;
        }
        let begin = self.at + letter.len_utf8();
        let Some(read) = text::read(self.text, begin, quote, if self.lax { Use::Value } else { Use::Plain }) else {
            return BROKEN;
        };
        let inner = read.repairs.how(false).repairs().contains(&Repair::InnerQuotes);
        let in_object = self.frames.iter().any(|frame| matches!(frame, Frame::Object { .. }));
        if read.cut && (inner || quote != Quote::Double) && !in_object {
            // Hardly a string of JSON: a bracket and a quote in prose. What follows may be JSON yet.
            self.at = begin;
            return Step::Broken { lost_a_string: true };
        }
        self.repairs.join(read.repairs);
        self.at = read.end;
        let step = self.put(Value::String(read.value), None);
        if read.cut { Step::Cut } else { step }
    }

    fn number(&mut self) -> Step {
        let rest = self.rest();
        let signed = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        if let Some(word @ ("Infinity" | "inf" | "NaN" | "nan")) = word_of(signed) {
            let end = self.at + (rest.len() - signed.len()) + word.len();
            return self.not_a_number(end);
        }
        let length = rest.bytes().take_while(|byte| is_of_a_number(*byte)).count();
        let Some(digits) = rest.get(..length) else { return BROKEN };
        // Perhaps not all of its digits are there.
        if length == rest.len() {
            self.at = self.text.len();
            self.drop_key();
            return Step::Cut;
        }
        match serde_json::from_str::<Value>(digits) {
            Ok(value) => {
                self.at += length;
                self.put(value, None)
            }
            Err(_) if is_number(digits) => self.not_a_number(self.at + length),
            Err(_) => BROKEN,
        }
    }

    /// It is no value of JSON, and any other one would be made up.
    fn not_a_number(&mut self, end: usize) -> Step {
        let word = self.text.get(self.at..end).unwrap_or_default().to_owned();
        self.refusal.get_or_insert(Refusal::NotANumber { word, at: self.at });
        self.at = end;
        self.put(Value::Null, None)
    }

    fn word(&mut self) -> Step {
        let Some(word) = word_of(self.rest()) else { return BROKEN };
        let ends = word.len() == self.rest().len();
        let value = match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            "True" | "False" | "None" => {
                self.repairs.add(Repair::Literals);
                match word {
                    "None" => Value::Null,
                    other => Value::Bool(other == "True"),
                }
            }
            "NaN" | "nan" | "Infinity" | "inf" | "undefined" => return self.not_a_number(self.at + word.len()),
            cut if ends && LITERALS.iter().any(|literal| literal.starts_with(cut)) => {
                self.at = self.text.len();
                self.drop_key();
                return Step::Cut;
            }
            _ => return BROKEN,
        };
        self.at += word.len();
        self.put(value, None)
    }

    fn key(&mut self) -> Step {
        let Some(letter) = self.next() else { return Step::Cut };
        if letter == '}' {
            return self.close();
        }
        let key = match Quote::opened_by(letter) {
            Some(quote) if quote == Quote::Double || self.lax => {
                let begin = self.at + letter.len_utf8();
                let Some(read) = text::read(self.text, begin, quote, Use::Key) else { return BROKEN };
                self.at = read.end;
                if read.cut {
                    return Step::Cut;
                }
                self.repairs.join(read.repairs);
                read.value
            }
            Some(_) => return BROKEN,
            None => {
                let Some(word) = word_of(self.rest()) else { return BROKEN };
                self.at += word.len();
                if self.rest().is_empty() {
                    return Step::Cut;
                }
                self.repairs.add(Repair::Keys);
                word.to_owned()
            }
        };
        match self.next() {
            Some(':') => self.at += 1,
            Some(_) => return BROKEN,
            None => return Step::Cut,
        }
        self.comma = false;
        if let Some(Frame::Object { key: place, .. }) = self.frames.last_mut() {
            *place = Some(key);
        }
        Step::Go(State::Value)
    }

    fn after(&mut self) -> Step {
        let Some(letter) = self.next() else { return Step::Cut };
        let in_list = matches!(self.frames.last(), Some(Frame::List { .. }));
        let more = if in_list { State::Value } else { State::Key };
        match letter {
            ',' => {
                self.at += 1;
                self.comma = true;
                Step::Go(more)
            }
            ']' if in_list => self.close(),
            '}' if !in_list => self.close(),
            '{' | '[' if in_list => self.without_comma(more),
            '"' => self.without_comma(more),
            _ => BROKEN,
        }
    }

    fn without_comma(&mut self, more: State) -> Step {
        self.repairs.add(Repair::Commas);
        Step::Go(more)
    }

    fn close(&mut self) -> Step {
        if std::mem::take(&mut self.comma) {
            self.repairs.add(Repair::Commas);
        }
        self.at += 1;
        let end = self.at;
        match self.frames.pop() {
            Some(Frame::List { start, values, places }) => self.finish(Value::Array(values), start..end, places),
            // A key without a value: `{"a": }` and its like never come here, `value` refuses the bracket.
            Some(Frame::Object { start, fields, .. }) => self.finish(Value::Object(fields), start..end, Vec::new()),
            None => BROKEN,
        }
    }

    fn finish(&mut self, value: Value, span: Range<usize>, items: Places) -> Step {
        if self.frames.is_empty() { Step::Done { value, items } } else { self.put(value, Some(span)) }
    }

    /// Puts a value into what is open. Of two fields of one name the last one counts, as `serde_json` has it.
    fn put(&mut self, value: Value, place: Option<Range<usize>>) -> Step {
        self.comma = false;
        match self.frames.last_mut() {
            Some(Frame::List { values, places, .. }) => {
                places.extend(place.map(|place| (values.len(), place)));
                values.push(value);
            }
            Some(Frame::Object { fields, key, places, .. }) => {
                let Some(key) = key.take() else { return BROKEN };
                places.extend(place.map(|place| (key.clone(), place)));
                fields.insert(key, value);
            }
            None => return BROKEN,
        }
        Step::Go(State::After)
    }

    fn drop_key(&mut self) {
        if let Some(Frame::Object { key, .. }) = self.frames.last_mut() {
            *key = None;
        }
    }

    /// The text ends: what is open is closed, and a key without its value is dropped.
    fn cut(mut self) -> Parsed {
        self.drop_key();
        let end = self.at;
        while let Some(frame) = self.frames.pop() {
            let (value, span, items) = match frame {
                Frame::List { start, values, places } => (Value::Array(values), start..end, places),
                Frame::Object { start, fields, .. } => (Value::Object(fields), start..end, Vec::new()),
            };
            if self.frames.is_empty() {
                return self.done(value, items, true);
            }
            let _ = self.put(value, Some(span));
        }
        self.broken(false)
    }

    fn done(self, value: Value, items: Places, cut: bool) -> Parsed {
        let end = self.at;
        if self.refusal.is_some() {
            return self.refused();
        }
        Parsed { outcome: Outcome::Value { value, repairs: self.repairs, cut, items }, end }
    }

    fn refused(self) -> Parsed {
        let at = self.at;
        Parsed { outcome: Outcome::Refused(self.refusal.unwrap_or(Refusal::TooDeep { at })), end: at }
    }

    fn broken(self, lost_a_string: bool) -> Parsed {
        let mut pieces = Vec::new();
        for frame in self.frames {
            match frame {
                Frame::List { values, places, .. } => {
                    let mut places = places.into_iter().peekable();
                    for (number, value) in values.into_iter().enumerate() {
                        pieces.extend(places.next_if(|(at, _)| *at == number).map(|(_, place)| (value, place)));
                    }
                }
                Frame::Object { mut fields, places, .. } => {
                    // The last first: of two fields of one name that one is there.
                    let placed =
                        places.into_iter().rev().filter_map(|(key, place)| Some((fields.remove(&key)?, place)));
                    let mut placed: Vec<_> =
                        placed.filter(|(value, _)| value.is_object() || value.is_array()).collect();
                    placed.reverse();
                    pieces.append(&mut placed);
                }
            }
        }
        if self.refusal.is_some() {
            pieces.clear();
        }
        Parsed { outcome: Outcome::Broken { pieces, repairs: self.repairs, lost_a_string }, end: self.at }
    }
}

/// The blanks of JSON.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

const LITERALS: [&str; 10] = ["true", "false", "null", "True", "False", "None", "NaN", "Infinity", "undefined", "nan"];

/// The word that the text begins with.
fn word_of(rest: &str) -> Option<&str> {
    let first = rest.chars().next()?;
    if !(first.is_alphabetic() || matches!(first, '_' | '$')) {
        return None;
    }
    let is_more = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$' | '-');
    let length = rest.find(|letter: char| !is_more(letter)).unwrap_or(rest.len());
    rest.get(..length)
}

fn is_of_a_number(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | b'_')
}

/// Whether it is written as JSON writes numbers, however large.
fn is_number(digits: &str) -> bool {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let is_whole = !exponent.is_empty() && exponent.bytes().all(|byte| byte.is_ascii_digit());
    is_whole && serde_json::from_str::<Value>(mantissa).is_ok()
}
