//! The words of `flow!`, one row each. What a word means stands in its own file.

pub(crate) mod exit;
pub(crate) mod join;
pub(crate) mod join_k;
pub(crate) mod later;
pub(crate) mod map;
pub(crate) mod repeat;

use crate::args::near;
use crate::flow::cursor::Cursor;
use crate::flow::parse::{Parsed, Parser, policy};
use proc_macro2::{Delimiter, Ident};

/// A word: its name, how it is written, and who reads it.
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) usage: &'static str,
    pub(crate) read: fn(&mut Parser<'_>, Ident, &mut Cursor) -> Parsed,
}

const WORDS: &[Word] = &[
    join::WORD,
    join_k::WORD,
    map::WORD,
    repeat::WORD,
    exit::DROP,
    exit::DONE,
    later::PARALLEL,
    later::FIRST,
    later::SETTLE,
    later::TEE,
    later::QUEUE,
    later::BATCH,
    later::GATE,
    later::CHANNELS,
    later::BUDGET,
    later::WITH,
];

/// Whether `name` is a word, so that no node can be called like it.
pub(crate) fn is_word(name: &Ident) -> bool {
    WORDS.iter().any(|word| name == word.name)
}

/// What a name at the beginning of a step turned out to be.
pub(crate) enum Found {
    Word(&'static Word),
    /// No word, but called as only a word is.
    Near(&'static Word),
    Name,
}

/// Looks up the name at the beginning of a step; `cursor` stands on it.
pub(crate) fn find(name: &Ident, cursor: &Cursor) -> Found {
    let mut behind = cursor.clone();
    behind.ident();
    if behind.peek_colons() {
        return Found::Name;
    }
    if let Some(word) = WORDS.iter().find(|word| name == word.name) {
        return Found::Word(word);
    }
    if behind.peek_group(Delimiter::Parenthesis).is_none_or(policy::is_one) {
        return Found::Name;
    }
    let called = WORDS.iter().filter(|word| word.usage.contains('('));
    let near = near::nearest(&name.to_string(), called.clone().map(|word| word.name));
    match called.into_iter().find(|word| Some(word.name) == near) {
        Some(word) => Found::Near(word),
        None => Found::Name,
    }
}
