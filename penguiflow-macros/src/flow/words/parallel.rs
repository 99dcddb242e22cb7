//! `parallel(b, c)`: a fork whose branches run in tasks of their own, on several cores.

use crate::flow::cursor::Cursor;
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser};
use crate::flow::syntax::{Fork, Step};
use proc_macro2::{Delimiter, Ident};

pub(super) const WORD: Word = Word { name: "parallel", stands: Stands::AsStep, usage: "parallel(b, c)", read };

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    let Some(group) = cursor.group(Delimiter::Parenthesis) else {
        parser.diags.error(word.span(), "`parallel` needs its branches: write `parallel(b, c) -> join`");
        return Parsed::Step(Step::Lost(word.span()));
    };
    Parsed::Step(Step::Fork(Fork { parallel: true, ..parser.branches(&group) }))
}
