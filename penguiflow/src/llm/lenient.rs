//! Reads values from what a model wrote, which is JSON more or less. Must not know what they are for, and makes nothing up.
//!
//! Models put their JSON in fences, talk before and behind it, write Python, forget a comma, and stop in the middle. What they meant
//! is mostly clear:
//!
//! ```
//! use penguiflow::llm::lenient::{self, How, Repair};
//!
//! #[derive(serde::Deserialize)]
//! struct Catch { species: String, fresh: bool }
//!
//! let read = lenient::read::<Catch>("Here it is:\n```json\n{'species': 'krill', 'fresh': True,}\n```\nEnjoy!")?;
//! assert!(read.value.species == "krill" && read.value.fresh);
//! assert_eq!(read.how, How::Repaired(vec![Repair::Quotes, Repair::Literals, Repair::Commas]));
//! # Ok::<_, lenient::LenientError>(())
//! ```
//!
//! # What is read
//! Objects and lists wherever they stand in a text: in prose, in fences of any language that need not be closed, several behind one
//! another, as the text of a JSON string. A string, a number or a word of JSON only where it fills the text or a fence. Within them:
//! what [`Repair`] lists.
//!
//! # What is not made up
//! - JSON is read as `serde_json` reads it, and a value comes from the words that stand there. Strings keep what they hold, also an
//!   escape that JSON does not know.
//! - `NaN`, `Infinity`, `undefined` and numbers that no `f64` holds are no values. What holds one is [refused](LenientError::NotANumber),
//!   and not read with `null` or zero in its place.
//! - Where the text ends within a value, brackets are closed. A string is kept as far as it goes; a key without a value, and a number or
//!   word that may have gone on, are left out. [`How::Cut`] says so.
//! - Of two fields of one name the last one counts, as `serde_json` has it.
//! - Brackets that do not match, words without quotes and numbers that JSON does not write are not guessed at. What is complete within
//!   such a thing is found for itself, as [`Repair::Torn`].
//!
//! # Limits
//! A text of more than 16 MiB is not read; a value that is nested deeper than 127 levels is refused, as by `serde_json`; behind a thousand
//! values nothing more is looked for. The time is linear in the length of the text, whatever it holds.

mod found;
mod parse;
mod scan;
mod text;

pub use crate::llm::lenient::found::{Found, How, Repair};

use crate::llm::lenient::parse::Refusal;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::ops::Range;

/// How long a text may be, in bytes.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// All JSON values in a text, in the order in which they stand there; none in a text that is too long.
///
/// A value within another one is not found for itself: for the items of a list there is [`Found::into_items`]. A string that
/// is JSON comes as the string first and as what it holds next, both with the same place.
///
/// ```
/// use penguiflow::llm::lenient::{self, How};
///
/// let text = r#"I look it up: {"do": "look"} and then {"do": "tel"#;
/// let found = lenient::candidates(text);
/// assert_eq!(&text[found[0].span.clone()], r#"{"do": "look"}"#);
/// assert!(found[0].how == How::Strict && !found[1].how.is_whole());
/// ```
#[must_use]
pub fn candidates(text: &str) -> Vec<Found> {
    if text.len() > BYTES_MAX { Vec::new() } else { scan::scan(text).found }
}

/// The value of a type that a text holds.
///
/// The first one that is a `T` wins, in this order: the whole text if it is JSON; JSON in it; what had to be repaired; what is a piece of
/// something broken; what is cut off. An empty list or object comes last among these, since prose has them, too. Then the items of lists
/// are tried.
///
/// # Errors
/// [`LenientError`], if the text holds no `T`.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<Read<T>, LenientError> {
    if text.len() > BYTES_MAX {
        return Err(LenientError::TooLarge { bytes: text.len(), most: BYTES_MAX });
    }
    let scan::Scanned { found, refusal } = scan::scan(text);
    let others = found.len().saturating_sub(1);
    let found = ranked(found);
    let mut fault = None;
    for one in &found {
        match T::deserialize(&one.value) {
            Ok(value) => return Ok(Read { value, span: one.span.clone(), how: one.how.clone(), others }),
            Err(error) => fault = fault.or(Some(error)),
        }
    }
    for item in found.into_iter().flat_map(Found::into_items) {
        if let Ok(value) = T::deserialize(&item.value) {
            return Ok(Read { value, span: item.span, how: item.how, others });
        }
    }
    Err(fault.map_or_else(|| nothing(refusal), |source| LenientError::OtherType { source }))
}

/// All values in a text, the one to be tried first in front.
pub(crate) fn best(text: &str) -> Result<Vec<Found>, LenientError> {
    if text.len() > BYTES_MAX {
        return Err(LenientError::TooLarge { bytes: text.len(), most: BYTES_MAX });
    }
    let scan::Scanned { found, refusal } = scan::scan(text);
    if found.is_empty() { Err(nothing(refusal)) } else { Ok(ranked(found)) }
}

fn ranked(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|found| (is_empty(&found.value), found.how.rank()));
    found
}

fn nothing(refusal: Option<Refusal>) -> LenientError {
    match refusal {
        Some(Refusal::NotANumber { word, at }) => LenientError::NotANumber { word, at },
        Some(Refusal::TooDeep { at }) => LenientError::TooDeep { at },
        None => LenientError::NoJson,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A value that was read, and how.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Read<T> {
    /// The value.
    pub value: T,
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
    /// How it could be read. Look for [`How::Cut`]: such a value is not all that it was to be.
    pub how: How,
    /// How many other values the text holds.
    pub others: usize,
}

/// A text holds no value of the type.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LenientError {
    /// It holds nothing that could be JSON.
    #[error("there is no JSON in it")]
    NoJson,
    /// It holds JSON, and none of it is of that type.
    #[error("its JSON is not of that type: {source}")]
    OtherType {
        /// What serde says of the value that was tried first.
        source: serde_json::Error,
    },
    /// It holds what is no value.
    #[error("`{word}` at byte {at} is no value of JSON")]
    NotANumber {
        /// What stands there.
        word: String,
        /// Where.
        at: usize,
    },
    /// Its JSON is nested too deep.
    #[error("at byte {at} it is nested deeper than {} levels", parse::DEPTH_MAX)]
    TooDeep {
        /// Where it is too deep.
        at: usize,
    },
    /// It is too long.
    #[error("it has {bytes} bytes, and at most {most} are read")]
    TooLarge {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
}

#[cfg(test)]
mod tests;
