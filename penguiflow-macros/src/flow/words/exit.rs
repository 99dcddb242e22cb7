//! `drop` and `done`: an arm that leaves the flow.

use crate::flow::cursor::Cursor;
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser};
use crate::flow::syntax::ExitKind;
use proc_macro2::{Delimiter, Ident};

/// What is said of `done` in a branch of a fork.
pub(crate) const DONE_BESIDE: &str =
    "`done` cannot leave a fork, whose other branches still run: let the arm go on to the join";

pub(super) const DROP: Word = Word {
    name: "drop",
    stands: Stands::AsStep,
    usage: "drop",
    read: |parser, word, cursor| read(parser, word, cursor, ExitKind::Drop),
};

pub(super) const DONE: Word = Word {
    name: "done",
    stands: Stands::AsStep,
    usage: "done",
    read: |parser, word, cursor| read(parser, word, cursor, ExitKind::Done),
};

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor, kind: ExitKind) -> Parsed {
    if let Some(group) = cursor.group(Delimiter::Parenthesis) {
        parser.diags.error_on(&group, format!("`{word}` takes nothing in parentheses: write `Variant -> {word}`"));
    }
    Parsed::Exit(kind, word)
}
