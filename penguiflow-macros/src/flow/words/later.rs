//! Words that are kept for forms to come. Each says so, and what to write until then.

use crate::flow::cursor::Cursor;
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser};
use crate::flow::syntax::Step;
use proc_macro2::{Delimiter, Ident};

pub(super) const GATE: Word =
    Word { name: "gate", stands: Stands::AsStep, usage: "gate(approval) { … }", read: step };

/// What to write as long as there is no such word.
const UNTIL_THEN: &[(&str, &str)] =
    &[("gate", ": until then let a node wait for the answer, and a router route on it")];

/// Tells that `word` is kept for later.
fn tell(parser: &mut Parser<'_>, word: &Ident) {
    let until_then = UNTIL_THEN.iter().find(|(name, _)| word == name).map_or("", |(_, text)| text);
    parser.diags.error(word.span(), format!("`{word}` is a word of `flow!` that is not supported yet{until_then}"));
}

fn step(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    tell(parser, &word);
    skip_groups(cursor);
    Parsed::Step(Step::Lost(word.span()))
}

fn skip_groups(cursor: &mut Cursor) {
    cursor.group(Delimiter::Parenthesis);
    cursor.group(Delimiter::Brace);
}
