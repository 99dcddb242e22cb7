//! `batch(n, "10ms")`: a node that takes a `Vec` runs once for the messages of many traces.

use crate::flow::cursor::{Cursor, Piece};
use crate::flow::parse::number::{self, Expected};
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser, duration};
use crate::flow::syntax::{Batch, Entry, EntryKind, Step};
use proc_macro2::{Delimiter, Ident, TokenTree};
use std::time::Duration;

pub(super) const WORD: Word = Word { name: "batch", stands: Stands::AsStep, usage: "batch(32, \"10ms\")", read };

const SIZE: Expected = Expected {
    what: "the size of the batch",
    usage: WORD.usage,
    zero: "a batch of 0 holds nothing: the size is 1 or more",
};

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    let lost = Parsed::Step(Step::Lost(word.span()));
    let Some(group) = cursor.group(Delimiter::Parenthesis).filter(|group| !group.stream().is_empty()) else {
        let text = "`batch` needs its size, and how long it waits to be full: write `batch(32, \"10ms\")`";
        parser.diags.error(word.span(), text);
        return lost;
    };
    let mut pieces = Cursor::inside(&group).split(',').into_iter();
    let Some(size) = pieces.next() else { return lost };
    if is_text(&size.cursor) {
        let text = "`batch` takes its size first, then how long it waits: write `batch(32, \"10ms\")`";
        parser.diags.error(size.cursor.span(), text);
        return lost;
    }
    let at = size.cursor.span();
    let size = number::read(parser, size.cursor, &SIZE);
    let Some(linger) = pieces.next().filter(|piece| !piece.cursor.at_end()) else {
        let text = format!("how long does the batch wait to be full? write `batch({}, \"10ms\")`", size.value);
        parser.diags.error(at, text);
        return lost;
    };
    let linger = self::linger(parser, linger);
    if let Some(extra) = pieces.next() {
        let text = "`batch` takes its size and how long it waits: write `batch(32, \"10ms\")`";
        parser.diags.error(extra.cursor.span(), text);
    }
    Parsed::Step(Step::Entry(Entry { word, kind: EntryKind::Batch(Batch { size, linger }) }))
}

fn is_text(cursor: &Cursor) -> bool {
    matches!(cursor.peek(), Some(TokenTree::Literal(literal)) if literal.to_string().starts_with('"'))
}

/// How long the first message waits for others.
fn linger(parser: &mut Parser<'_>, mut piece: Piece) -> Duration {
    let (at, written) = (piece.cursor.span(), piece.cursor.rest());
    duration::read(written, "ms", "how long a batch waits is a duration in quotes, like `\"10ms\"`").unwrap_or_else(
        |text| {
            parser.diags.error(at, text);
            Duration::from_millis(1)
        },
    )
}
