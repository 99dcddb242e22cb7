//! `tee(side)`: a side branch that runs beside what follows. Its output is dropped.

use crate::flow::cursor::{Cursor, Piece};
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser, Place};
use crate::flow::syntax::{Chain, Step, Tee};
use proc_macro2::{Delimiter, Ident};

pub(super) const WORD: Word = Word { name: "tee", stands: Stands::AsStep, usage: "tee(side)", read };

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    let needs = "`tee` needs a side branch: write `tee(log)`";
    let Some(group) = cursor.group(Delimiter::Parenthesis) else {
        parser.diags.error(word.span(), needs);
        return Parsed::Step(Step::Lost(word.span()));
    };
    let mut pieces = Cursor::inside(&group).split(',').into_iter();
    let side = match pieces.next() {
        Some(mut piece) if !piece.cursor.at_end() => parser.chain(&mut piece.cursor, Place::Branch),
        _ => {
            parser.diags.error_on(&group, needs);
            Chain::lost(word.span())
        }
    };
    let best_effort = pieces.next().is_some_and(|piece| best_effort(parser, piece));
    if let Some(extra) = pieces.next() {
        let text = "`tee` takes one side branch and at most `best_effort`: for several branches write several `tee`s";
        parser.diags.error(extra.cursor.span(), text);
    }
    Parsed::Step(Step::Tee(Tee { word, side, best_effort }))
}

fn best_effort(parser: &mut Parser<'_>, mut piece: Piece) -> bool {
    let at = piece.cursor.span();
    let told = piece.cursor.keyword("best_effort").is_some() && piece.cursor.at_end();
    if !told {
        let text = "behind its side branch `tee` takes `best_effort` only: for a second branch write a second `tee`";
        parser.diags.error(at, text);
        parser.keep_strays(&mut piece.cursor);
    }
    told
}
