//! `first`: the first branch of a fork that succeeds.

use crate::flow::cursor::Cursor;
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser};
use crate::flow::syntax::{Gather, Rule, Step};
use proc_macro2::{Delimiter, Ident};

pub(super) const WORD: Word = Word { name: "first", stands: Stands::AsStep, usage: "first", read };

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    if let Some(group) = cursor.group(Delimiter::Parenthesis) {
        let text = "`first` takes nothing in parentheses: it gives one value; for the first two write `join_k(2)`";
        parser.diags.error_on(&group, text);
    }
    Parsed::Step(Step::Gather(Gather { word, rule: Rule::First }))
}
