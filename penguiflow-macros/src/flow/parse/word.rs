//! What a word of `flow!` is to the parser, and how a name is told from a word. Knows no word.

use crate::args::near;
use crate::flow::cursor::Cursor;
use crate::flow::parse::{Parsed, Parser, policy};
use proc_macro2::{Delimiter, Group, Ident};

/// A word: its name, where it stands, how it is written, and who reads what follows it.
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) stands: Stands,
    pub(crate) usage: &'static str,
    pub(crate) read: fn(&mut Parser<'_>, Ident, &mut Cursor) -> Parsed,
}

/// Where a word stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    /// Between two arrows.
    AsStep,
    /// Before a flow's chain.
    AsSetting,
    /// Behind a node.
    BehindNode,
}

/// What a name at the beginning of a step turned out to be.
pub(crate) enum Found {
    Word(&'static Word),
    /// No word, but called as only a word is.
    Near(&'static Word),
    Name,
}

impl Parser<'_> {
    /// Whether `name` is a word, so that nothing else can be called like it.
    pub(crate) fn is_word(&self, name: &Ident) -> bool {
        self.word(name).is_some()
    }

    /// The word `name`.
    pub(super) fn word(&self, name: &Ident) -> Option<&'static Word> {
        self.words.iter().find(|word| name == word.name)
    }

    /// The next token, if it is a word that stands here.
    pub(super) fn next_word(&self, cursor: &Cursor, stands: Stands) -> Option<(&'static Word, Ident)> {
        let name = cursor.peek_ident()?;
        self.word(name).filter(|word| word.stands == stands).map(|word| (word, name.clone()))
    }

    /// Looks up the name at the beginning of a step; `cursor` stands on it.
    pub(super) fn find(&self, name: &Ident, cursor: &Cursor) -> Found {
        let mut behind = cursor.clone();
        behind.ident();
        if behind.peek_colons() {
            return Found::Name;
        }
        if let Some(word) = self.word(name) {
            return Found::Word(word);
        }
        if behind.peek_group(Delimiter::Brace).is_some_and(is_settings) {
            return self.near(name, |word| word.stands == Stands::AsSetting && word.usage.contains('{'));
        }
        let is_policy = |group: &Group| policy::is_one(group) && !policy::is_bound(group);
        if behind.peek_group(Delimiter::Parenthesis).is_none_or(is_policy) {
            return Found::Name;
        }
        self.near(name, |word| word.usage.contains('('))
    }

    /// The word among those that `may` be meant which `name` is a typo of.
    fn near(&self, name: &Ident, may: impl Fn(&Word) -> bool) -> Found {
        let words = self.words.iter().filter(|word| may(word));
        let near = near::nearest(&name.to_string(), words.clone().map(|word| word.name));
        match words.into_iter().find(|word| Some(word.name) == near) {
            Some(word) => Found::Near(word),
            None => Found::Name,
        }
    }
}

/// Whether braces hold `name: value`, which no arm is.
fn is_settings(group: &Group) -> bool {
    let mut cursor = Cursor::inside(group);
    cursor.ident().is_some() && cursor.peek_punct(':') && !cursor.peek_colons()
}
