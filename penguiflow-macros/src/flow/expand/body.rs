//! Prints a flow's body: its steps as straight code, one statement for each, the message always in `m`.

use super::code::{Code, Left, Printer};
use super::{Parts, at, fork, hop, repeat, route, tee, weave};
use crate::flow::graph::{ArmEnd, Item, Seq};
use proc_macro2::TokenStream;
use quote::quote_spanned;

/// The whole body: one future of the flow's result.
pub(super) fn of_flow(parts: &Parts<'_>) -> TokenStream {
    let graph = parts.graph;
    let printer = Printer { parts, graph, leaves: leaves(&graph.body), print };
    let Code { lines, left } = printer.seq(&graph.body, Left::Value);
    let end = at(printer.end(&graph.body));
    let p = parts.private(end);
    let owner = &parts.owner;
    let ok = printer.ok(end);
    let exit = match left {
        Left::Value | Left::Gone => Some(quote_spanned!(end=> #ok(m.exit::<__Out, #owner>()))),
        Left::Nothing => None,
    };
    let (span, lines) = (parts.at, printer.in_futures(lines, left));
    let steps = quote_spanned!(span=> async move { #lines #exit });
    if printer.leaves { quote_spanned!(span=> #p::leave(#steps)) } else { steps }
}

/// Adds one step to `code`.
fn print(printer: &Printer<'_>, item: &Item, code: &mut Code) {
    match item {
        Item::Hop(ix) => hop::print(printer, *ix, code),
        Item::Fork(fork) => fork::print(printer, fork, code),
        Item::Route(route) => route::print(printer, route, code),
        Item::Loop(turns) => repeat::print(printer, turns, code),
        Item::Tee(tee) => tee::print(printer, tee, code),
        Item::Weave(weave) => weave::print(printer, weave, code),
        Item::Lost(span) => code.lose(printer, *span),
    }
}

/// Whether an arm of `seq` leaves the flow by `done`.
fn leaves(seq: &Seq) -> bool {
    seq.items.iter().any(|item| match item {
        Item::Hop(_) | Item::Lost(_) => false,
        Item::Fork(fork) => fork.branches.iter().any(leaves),
        Item::Tee(tee) => leaves(&tee.rest),
        // What is done there is one of its ends.
        Item::Weave(_) => false,
        Item::Loop(turns) => leaves(&turns.body) || turns.otherwise.iter().any(leaves),
        Item::Route(route) => route.arms.iter().any(|arm| matches!(arm.end, ArmEnd::Done(_)) || leaves(&arm.body)),
    })
}
