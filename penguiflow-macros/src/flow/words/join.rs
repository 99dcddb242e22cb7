//! `join`: waits for all branches of a fork.

use crate::flow::cursor::Cursor;
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser};
use crate::flow::syntax::{Gather, Rule, Step};
use proc_macro2::{Delimiter, Ident};

/// A tuple of more parts has no impl of the traits that a message needs.
pub(crate) const BRANCHES_MAX: usize = 12;

pub(super) const WORD: Word = Word { name: "join", stands: Stands::AsStep, usage: "join", read };

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    if let Some(group) = cursor.group(Delimiter::Parenthesis) {
        let text =
            "`join` takes nothing in parentheses: it waits for all branches; for the first two write `join_k(2)`";
        parser.diags.error_on(&group, text);
    }
    Parsed::Step(Step::Gather(Gather { word, rule: Rule::All }))
}
