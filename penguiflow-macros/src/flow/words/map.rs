//! `map(worker, n)`: runs a node for each item of a collection, n at once.

use crate::flow::cursor::{Cursor, Piece};
use crate::flow::parse::number::{self, Expected};
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser, Place};
use crate::flow::syntax::{Count, Map, Mention, Step};
use proc_macro2::{Delimiter, Ident, Span, TokenTree};

pub(super) const WORD: Word = Word { name: "map", stands: Stands::AsStep, usage: "map(worker, 8)", read };

const WIDTH: Expected = Expected {
    what: "the number of items at once",
    usage: WORD.usage,
    zero: "`map` with 0 items at once never runs: the number is 1 or more",
};

const LIMIT: Expected = Expected {
    what: "`limit`",
    usage: "map(worker, 8, limit = 100)",
    zero: "`limit = 0` refuses every item: the limit is 1 or more",
};

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    let Some(group) = cursor.group(Delimiter::Parenthesis) else {
        parser.diags.error(word.span(), "`map` needs a node and the number of items at once: write `map(worker, 8)`");
        return Parsed::Step(Step::Lost(word.span()));
    };
    let mut pieces = Cursor::inside(&group).split(',').into_iter();
    let Some(worker) = pieces.next().and_then(|piece| worker(parser, piece)) else {
        if Cursor::inside(&group).at_end() {
            parser.diags.error_on(&group, "`map` needs a node and the number of items at once: write `map(worker, 8)`");
        }
        return Parsed::Step(Step::Lost(word.span()));
    };
    let width = width(parser, pieces.next(), &worker);
    let mut piece = pieces.next();
    let parallel = piece.as_ref().is_some_and(|piece| is_parallel(&piece.cursor));
    if parallel {
        piece = pieces.next();
    }
    let limit = piece.and_then(|piece| limit(parser, piece.cursor));
    if let Some(extra) = pieces.next() {
        parser.diags.error(
            extra.cursor.span(),
            "`map` takes a node, a number, `parallel` and a limit, in this order: `map(worker, 8, parallel, limit = 100)`",
        );
    }
    Parsed::Step(Step::Map(Map { word, worker, width, limit, parallel }))
}

fn is_parallel(cursor: &Cursor) -> bool {
    let mut cursor = cursor.clone();
    cursor.keyword("parallel").is_some() && cursor.at_end()
}

fn worker(parser: &mut Parser<'_>, mut piece: Piece) -> Option<Mention> {
    let at = piece.cursor.span();
    if let Some(TokenTree::Literal(_)) = piece.cursor.peek() {
        parser.diags.error(at, "`map` takes the node first, then the number: write `map(worker, 8)`");
        return None;
    }
    if piece.cursor.at_end() {
        parser.diags.error(at, "`map` needs a node: write `map(worker, 8)`");
        return None;
    }
    let mut chain = parser.chain(&mut piece.cursor, Place::Branch);
    match (chain.steps.pop(), chain.steps.is_empty()) {
        (Some(Step::Node(mut worker)), true) => {
            if let Some(arms) = worker.arms.take() {
                parser.diags.error(arms.span, "`map` runs one node: make the router and its arms a flow, and map that");
            }
            Some(worker)
        }
        (Some(Step::Lost(_)), _) => None,
        (step, _) => {
            let span = step.map_or(at, |step| step.span());
            parser.diags.error(span, "`map` runs one node: make the rest a flow of its own, and map that");
            None
        }
    }
}

fn width(parser: &mut Parser<'_>, piece: Option<Piece>, worker: &Mention) -> Count {
    let at = worker.path.last.span();
    let named = |cursor: &Cursor| cursor.peek_ident().is_some_and(|name| name == "limit");
    match piece {
        Some(piece) if !named(&piece.cursor) => number::read(parser, piece.cursor, &WIDTH),
        _ => {
            let text = format!("how many items at once? write `map({}, 8)`", worker.path.text);
            parser.diags.error(at, text);
            Count::stand_in(at)
        }
    }
}

fn limit(parser: &mut Parser<'_>, mut cursor: Cursor) -> Option<Count> {
    let at: Span = cursor.span();
    if cursor.keyword("limit").is_none() || cursor.punct('=').is_none() {
        parser
            .diags
            .error(at, "behind the number `map` takes `parallel` and the limit of items only: write `limit = 100`");
        return None;
    }
    Some(number::read(parser, cursor, &LIMIT))
}
