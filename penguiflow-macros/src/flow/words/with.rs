//! `triage with Tenants { … }`: a routing policy is asked about the arm that the router chose.

use crate::flow::cursor::Cursor;
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser};
use crate::flow::syntax::Step;
use proc_macro2::Ident;

pub(super) const WORD: Word =
    Word { name: "with", stands: Stands::BehindNode, usage: "triage with Policy { … }", read };

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    parser.policy(&word, cursor);
    Parsed::Step(Step::Lost(word.span()))
}
