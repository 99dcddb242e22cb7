//! `queue(n, workers = w)`: a bounded channel before the next node, and `channels(n)`: one before every node of the flow.

use crate::flow::cursor::Cursor;
use crate::flow::parse::number::{self, Expected};
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser};
use crate::flow::syntax::{Count, Entry, EntryKind, Queue, Setting, Step};
use proc_macro2::{Delimiter, Ident};

pub(super) const WORD: Word = Word { name: "queue", stands: Stands::AsStep, usage: "queue(64)", read };
pub(super) const CHANNELS: Word =
    Word { name: "channels", stands: Stands::AsSetting, usage: "channels(64)", read: channels };

const CAPACITY: Expected = Expected {
    what: "the capacity",
    usage: WORD.usage,
    zero: "a queue of 0 lets nothing through: the capacity is 1 or more",
};

const WORKERS: Expected = Expected {
    what: "`workers`",
    usage: "queue(64, workers = 4)",
    zero: "a queue of 0 workers never moves: `workers` is 1 or more",
};

const OF_EACH: Expected = Expected {
    what: "the capacity of each channel",
    usage: CHANNELS.usage,
    zero: "channels of 0 let nothing through: the capacity is 1 or more",
};

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    let Some(group) = cursor.group(Delimiter::Parenthesis).filter(|group| !group.stream().is_empty()) else {
        parser.diags.error(word.span(), "`queue` needs its capacity: write `queue(64)`, or `queue(64, workers = 4)`");
        return Parsed::Step(Step::Lost(word.span()));
    };
    let mut pieces = Cursor::inside(&group).split(',').into_iter();
    let capacity = match pieces.next() {
        Some(piece) if piece.cursor.peek_ident().is_some_and(|name| name == "workers") => {
            parser
                .diags
                .error(piece.cursor.span(), "the capacity stands before `workers`: write `queue(64, workers = 4)`");
            return Parsed::Step(Step::Lost(word.span()));
        }
        Some(piece) => number::read(parser, piece.cursor, &CAPACITY),
        None => Count::stand_in(word.span()),
    };
    let workers = pieces.next().and_then(|piece| workers(parser, piece.cursor));
    if let Some(extra) = pieces.next() {
        parser.diags.error(
            extra.cursor.span(),
            "`queue` takes its capacity and at most its workers: write `queue(64, workers = 4)`",
        );
    }
    let kind = EntryKind::Queue(Queue { capacity, workers });
    Parsed::Step(Step::Entry(Entry { word, kind }))
}

fn workers(parser: &mut Parser<'_>, mut cursor: Cursor) -> Option<Count> {
    let at = cursor.span();
    if cursor.keyword("workers").is_none() || cursor.punct('=').is_none() {
        let text = "behind the capacity `queue` takes the number of its workers only: write `workers = 4`";
        parser.diags.error(at, text);
        return None;
    }
    Some(number::read(parser, cursor, &WORKERS))
}

fn channels(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    let lost = Parsed::Step(Step::Lost(word.span()));
    let Some(group) = cursor.group(Delimiter::Parenthesis).filter(|group| !group.stream().is_empty()) else {
        parser.diags.error(word.span(), "`channels` needs the capacity of each channel: write `channels(64)`");
        return lost;
    };
    match <[_; 1]>::try_from(Cursor::inside(&group).split(',')) {
        Ok([piece]) => {
            let capacity = number::read(parser, piece.cursor, &OF_EACH);
            parser.set(
                &word,
                Setting::Channels(Entry {
                    word: word.clone(),
                    kind: EntryKind::Queue(Queue { capacity, workers: None }),
                }),
            );
        }
        Err(_) => {
            let text = "`channels` takes one number: each node has one worker; for more write `queue(64, workers = 4)` before it";
            parser.diags.error_on(&group, text);
        }
    }
    lost
}
