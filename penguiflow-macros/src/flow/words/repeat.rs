//! `repeat(turns = n) { … }`: a loop with a bound.

use crate::flow::cursor::Cursor;
use crate::flow::parse::number::{self, Expected};
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser, Place};
use crate::flow::syntax::{Chain, Count, Repeat, Step};
use proc_macro2::{Delimiter, Ident};

pub(super) const WORD: Word = Word { name: "repeat", stands: Stands::AsStep, usage: "repeat(turns = 8) { … }", read };

const TURNS: Expected =
    Expected { what: "`turns`", usage: WORD.usage, zero: "a loop of 0 turns never runs: `turns` is 1 or more" };

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    let turns = turns(parser, &word, cursor);
    let body = match cursor.group(Delimiter::Brace) {
        None => {
            parser.diags.error(word.span(), "the body of this loop is missing: write `repeat(turns = 8) { … }`");
            Chain::lost(word.span())
        }
        Some(group) if group.stream().is_empty() => {
            parser.diags.error_on(&group, "this loop has no step: write a chain whose last node returns `Step`");
            Chain::lost(group.span())
        }
        Some(group) => parser.chain(&mut Cursor::inside(&group), Place::Loop),
    };
    let otherwise = cursor.keyword("else").and_then(|word| otherwise(parser, &word, cursor));
    Parsed::Step(Step::Repeat(Repeat { word, turns, body, otherwise: otherwise.map(Box::new) }))
}

fn turns(parser: &mut Parser<'_>, word: &Ident, cursor: &mut Cursor) -> Count {
    let stand_in = Count::stand_in(word.span());
    let Some(group) = cursor.group(Delimiter::Parenthesis).filter(|group| !group.stream().is_empty()) else {
        parser.diags.error(word.span(), "a loop needs a bound: write `repeat(turns = 8) { … }`");
        return stand_in;
    };
    let Ok([piece]) = <[_; 1]>::try_from(Cursor::inside(&group).split(',')) else {
        parser.diags.error_on(&group, "a loop has one bound: write `repeat(turns = 8) { … }`");
        return stand_in;
    };
    let mut value = piece.cursor;
    let Some(key) = value.ident() else {
        parser.diags.error(value.span(), format!("name the bound: write `turns = {}`", value.rest()));
        return stand_in;
    };
    if key == "hops" {
        parser.diags.error(key.span(), format!("a loop counts turns: write `turns {}`", value.clone().rest()));
        return stand_in;
    }
    if key != "turns" {
        parser.diags.error(key.span(), format!("a loop has no `{key}`: its bound is `turns = 8`"));
        return stand_in;
    }
    if value.punct('=').is_none() {
        parser.diags.error(key.span(), "`turns` needs a number: write `turns = 8`");
        return stand_in;
    }
    number::read(parser, value, &TURNS)
}

fn otherwise(parser: &mut Parser<'_>, word: &Ident, cursor: &mut Cursor) -> Option<Step> {
    let missing = cursor.at_end() || cursor.peek_arrow() || cursor.peek_group(Delimiter::Brace).is_some();
    if missing {
        parser.diags.error(word.span(), "behind `else` stands one step, without braces: `else wrap_up`");
        cursor.group(Delimiter::Brace);
        return None;
    }
    Some(match parser.step(cursor, Place::Loop) {
        Parsed::Step(step @ (Step::Fork(_) | Step::Gather(_) | Step::Entry(_))) => {
            parser.diags.error(step.span(), "behind `else` stands one node: make more than that a flow of its own");
            Step::Lost(step.span())
        }
        Parsed::Step(step) => step,
        Parsed::Exit(_, exit) => {
            let text =
                format!("`{exit}` ends an arm of a router; without `else` a loop that is out of turns ends the trace");
            parser.diags.error(exit.span(), text);
            Step::Lost(exit.span())
        }
    })
}
