//! Words that are kept for forms to come. Each says so, and what to write until then.

use crate::flow::cursor::Cursor;
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser};
use crate::flow::syntax::{Gather, Rule, Setting, Step};
use proc_macro2::{Delimiter, Ident};

pub(super) const PARALLEL: Word =
    Word { name: "parallel", stands: Stands::AsStep, usage: "parallel(b, c)", read: parallel };
pub(super) const FIRST: Word = Word { name: "first", stands: Stands::AsStep, usage: "first", read: gather };
pub(super) const SETTLE: Word = Word { name: "settle", stands: Stands::AsStep, usage: "settle", read: gather };
pub(super) const TEE: Word = Word { name: "tee", stands: Stands::AsStep, usage: "tee(side)", read: step };
pub(super) const GATE: Word =
    Word { name: "gate", stands: Stands::AsStep, usage: "gate(approval) { … }", read: step };
pub(super) const BUDGET: Word =
    Word { name: "budget", stands: Stands::AsSetting, usage: "budget { hops: 64 }", read: budget };

/// What to write as long as there is no such word.
const UNTIL_THEN: &[(&str, &str)] = &[
    ("parallel", ": until then a fork `(b, c)` runs its branches side by side in one task"),
    ("first", ": until then write `join_k(1)`"),
    ("settle", ": until then let the nodes return their `Result` as a message, and `join` them"),
    ("tee", ": until then let a node do the side work"),
    ("gate", ": until then let a node wait for the answer, and a router route on it"),
];

/// Tells that `word` is kept for later.
fn tell(parser: &mut Parser<'_>, word: &Ident) {
    let until_then = UNTIL_THEN.iter().find(|(name, _)| word == name).map_or("", |(_, text)| text);
    parser.diags.error(word.span(), format!("`{word}` is a word of `flow!` that is not supported yet{until_then}"));
}

fn parallel(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    tell(parser, &word);
    Parsed::Step(match cursor.group(Delimiter::Parenthesis) {
        Some(group) => Step::Fork(parser.branches(&group)),
        None => Step::Lost(word.span()),
    })
}

fn gather(parser: &mut Parser<'_>, word: Ident, _cursor: &mut Cursor) -> Parsed {
    tell(parser, &word);
    Parsed::Step(Step::Gather(Gather { word, rule: Rule::Told }))
}

fn step(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    tell(parser, &word);
    if word == "tee"
        && let Some(group) = cursor.peek_group(Delimiter::Parenthesis)
    {
        parser.keep_strays(&mut Cursor::inside(group));
    }
    skip_groups(cursor);
    Parsed::Step(Step::Lost(word.span()))
}

fn budget(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    parser.set(&word, Setting::Budget(word.clone()));
    step(parser, word, cursor)
}

fn skip_groups(cursor: &mut Cursor) {
    cursor.group(Delimiter::Parenthesis);
    cursor.group(Delimiter::Brace);
}
