//! `settle`: waits for all branches of a fork, and takes their failures for outcomes.

use crate::flow::cursor::Cursor;
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser};
use crate::flow::syntax::{Gather, Rule, Step};
use proc_macro2::{Delimiter, Ident};

pub(super) const WORD: Word = Word { name: "settle", stands: Stands::AsStep, usage: "settle", read };

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    if let Some(group) = cursor.group(Delimiter::Parenthesis) {
        parser.diags.error_on(&group, "`settle` takes nothing in parentheses: it waits for all branches");
    }
    Parsed::Step(Step::Gather(Gather { word, rule: Rule::Settle }))
}
