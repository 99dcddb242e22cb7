//! `join`: waits for all branches of a fork.

use crate::args::near;
use crate::flow::cursor::Cursor;
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser};
use crate::flow::syntax::{Gather, Rule, Step};
use proc_macro2::{Delimiter, Ident};

/// A tuple of more parts has no impl of the traits that a message needs.
pub(crate) const BRANCHES_MAX: usize = 12;

/// What is said of a fork that nothing gathers.
pub(crate) const NEVER_JOINS: &str = "this fork never joins: write `-> join` behind it";

/// The words that gather a fork. A typo of one, without parentheses, looks like a node.
const GATHERS: [&str; 4] = ["join", "first", "settle", "join_k"];

/// What is said of `name`, which stands behind a fork that nothing gathers.
pub(crate) fn is_missing_before(name: &str) -> String {
    match near::nearest(name, GATHERS) {
        Some(word) if word != name => format!("there is no word `{name}`: did you mean `{word}`?"),
        _ => format!("`{name}` follows a fork: write `-> join -> {name}`"),
    }
}

/// What is said of a gathering `word` that has nothing to gather.
pub(crate) fn needs_a_fork(word: &Ident) -> String {
    format!("`{word}` needs a fork before it: write `(b, c) -> {word}`")
}

pub(super) const WORD: Word = Word { name: "join", stands: Stands::AsStep, usage: "join", read };

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    if let Some(group) = cursor.group(Delimiter::Parenthesis) {
        let text =
            "`join` takes nothing in parentheses: it waits for all branches; for the first two write `join_k(2)`";
        parser.diags.error_on(&group, text);
    }
    Parsed::Step(Step::Gather(Gather { word, rule: Rule::All }))
}
