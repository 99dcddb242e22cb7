//! What a dialect could not say. Must not know a dialect.

use std::fmt;

/// One place of a schema at which its dialect says less than the type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// Where, as a JSON pointer into the schema of the type: `/properties/age`. Empty for the whole of it.
    pub path: String,
    /// What.
    pub change: Change,
}

/// What became of something that a dialect cannot say.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// A rule, such as `maxLength`, stands in the description now, in words.
    InWords {
        /// The keyword.
        keyword: &'static str,
    },
    /// A rule that has no short words is left out.
    Dropped {
        /// The keyword.
        keyword: &'static str,
    },
    /// A tuple is a list whose description says what stands at which place.
    Tuple,
    /// An object with fields of any name: nothing can hold a model to it.
    AnyField,
    /// A value of any kind: nothing can hold a model to it.
    AnyValue,
    /// Alternatives are told in the description.
    Alternatives,
    /// The type holds itself.
    Recursion,
    /// The schema refers to what is not there. It is taken for a text.
    UnknownRef {
        /// What it refers to.
        target: String,
    },
    /// There is more than the provider takes.
    TooMany {
        /// Of what: `keys`, `optional fields`, `unions`.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many it takes.
        most: usize,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "/" } else { &self.path };
        write!(f, "{path}: ")?;
        match &self.change {
            Change::InWords { keyword } => write!(f, "`{keyword}` is told in words"),
            Change::Dropped { keyword } => write!(f, "`{keyword}` is left out"),
            Change::Tuple => f.write_str("a tuple is told as a list"),
            Change::AnyField => f.write_str("its fields may have any name"),
            Change::AnyValue => f.write_str("it may be any value"),
            Change::Alternatives => f.write_str("alternatives are told in words"),
            Change::Recursion => f.write_str("it holds itself"),
            Change::UnknownRef { target } => write!(f, "`{target}` is not there"),
            Change::TooMany { what, count, most } => write!(f, "{count} {what}, and at most {most} are taken"),
        }
    }
}

/// What it means for the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// It can be held to all the rest.
    Strict,
    /// It cannot be asked to be strict.
    Loose,
    /// It is not to be given the schema as the form of an answer at all.
    No,
}

/// The notes of one translation.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) notes: Vec<Note>,
    pub(super) strict: bool,
    pub(super) native: bool,
}

impl Ledger {
    pub(super) fn new() -> Self {
        Ledger { notes: Vec::new(), strict: true, native: true }
    }

    pub(super) fn note(&mut self, path: &str, change: Change, holds: Holds) {
        self.strict &= holds == Holds::Strict;
        self.native &= holds != Holds::No;
        let note = Note { path: path.to_owned(), change };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}
