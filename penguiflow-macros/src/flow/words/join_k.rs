//! `join_k(k)`: waits for the first k branches of a fork.

use crate::flow::cursor::Cursor;
use crate::flow::parse::number::{self, Expected};
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser};
use crate::flow::syntax::{Gather, Rule, Step};
use proc_macro2::{Delimiter, Ident};

pub(super) const WORD: Word = Word { name: "join_k", stands: Stands::AsStep, usage: "join_k(2)", read };

const K: Expected = Expected { what: "k", usage: WORD.usage, zero: "`join_k(0)` waits for nothing: k is 1 or more" };

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    let rule = match cursor.group(Delimiter::Parenthesis) {
        None => {
            parser
                .diags
                .error(word.span(), "`join_k` needs the number of branches that it waits for: write `join_k(2)`");
            Rule::Told
        }
        Some(group) => match <[_; 1]>::try_from(Cursor::inside(&group).split(',')) {
            Ok([k]) => Rule::FirstK(number::read(parser, k.cursor, &K)),
            Err(_) => {
                parser.diags.error_on(&group, "`join_k` takes one number: write `join_k(2)`");
                Rule::Told
            }
        },
    };
    Parsed::Step(Step::Gather(Gather { word, rule }))
}
