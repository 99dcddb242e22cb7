//! Prints a node at its place: one run, or one for each item of a collection.

use super::code::{Code, Left, Printer, number, place};
use super::{at, names};
use crate::args::print::duration;
use crate::flow::graph::{Hop, Ix, Kind, Width};
use crate::flow::syntax::EntryKind;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

/// Adds the node to `code`.
pub(super) fn print(printer: &Printer<'_>, ix: Ix, code: &mut Code) {
    let vertex = &printer.graph.vertices[ix];
    let span = at(vertex.span);
    let (Some(hop), false) = (vertex.hop(), vertex.broken) else {
        return code.lose(printer, vertex.span);
    };
    let (alias, place) = (names::alias(vertex, hop), place(hop.place, span));
    let run = run(hop, span);
    let line = match &vertex.kind {
        Kind::Map(_, width) => {
            let (each, sizes) = (each(printer, code.left, span), sizes(printer, *width, span));
            let apart = width.parallel.then(|| quote_spanned!(span=> .apart()));
            quote_spanned!(span=> let m = { #each.each::<#alias>()#apart.#run(cx, #place, #sizes).await? };)
        }
        Kind::Node(_) | Kind::Gather(_) | Kind::Input | Kind::Output | Kind::Drop => {
            let enter = enter(printer, hop, &alias, span);
            quote_spanned!(span=> let m = m #enter.#run(cx, #place).await?;)
        }
    };
    code.lines.push(line);
    code.left = Left::Value;
}

/// The items of the collection that arrives.
fn each(printer: &Printer<'_>, arrives: Left, span: Span) -> TokenStream {
    if arrives != Left::Value {
        return quote_spanned!(span=> m);
    }
    let p = printer.private(span);
    quote_spanned! {span=>
        use #p::{ByItem as _, NoItem as _};
        #p::Mapped(m).items()
    }
}

/// How many items at once, and how many at all.
fn sizes(printer: &Printer<'_>, width: Width, span: Span) -> TokenStream {
    let (p, at_once) = (printer.private(span), number(width.at_once.value, span));
    match width.limit {
        Some(limit) => {
            let limit = number(limit.value, span);
            quote_spanned!(span=> #at_once, #limit)
        }
        None => quote_spanned!(span=> #at_once, #p::ITEMS_MAX),
    }
}

/// How a message takes the edge into the node `alias`: `.to::<__N1>()`, with what it passes on its way.
pub(super) fn enter(printer: &Printer<'_>, hop: &Hop, alias: &Ident, span: Span) -> TokenStream {
    match hop.entry {
        None => quote_spanned!(span=> .to::<#alias>()),
        Some(EntryKind::Queue(_)) => {
            let queued = queued(hop, span);
            quote_spanned!(span=> .to::<#alias>()#queued)
        }
        Some(EntryKind::Batch(batch)) => {
            let (p, node) = (printer.private(span), names::batch_of(alias));
            let (size, linger) = (number(batch.size.value, span), duration(batch.linger, &p, span));
            let results = results(&p, &node, span);
            quote_spanned!(span=> .into_batch::<#node>().batched::<{ #results }>(#size, #linger))
        }
    }
}

/// `.queued(64, 4)` for a node behind a queue.
pub(super) fn queued(hop: &Hop, span: Span) -> Option<TokenStream> {
    let Some(EntryKind::Queue(queue)) = hop.entry else { return None };
    let (capacity, workers) = (number(queue.capacity.value, span), number(queue.workers(), span));
    Some(quote_spanned!(span=> .queued(#capacity, #workers)))
}

/// Whether a node that takes batches gives a `Result` for each item.
pub(super) fn results(p: &TokenStream, node: &Ident, span: Span) -> TokenStream {
    quote_spanned!(span=> #p::Asked::<<#node as #p::TakesBatch>::Each>::IS_RESULT)
}

/// `run`, or `run_as::<quick, __S>` for an instance.
fn run(hop: &Hop, span: Span) -> TokenStream {
    match &hop.alias {
        None => quote_spanned!(span=> run),
        Some(instance) => quote_spanned!(span=> run_as::<#instance, __S>),
    }
}
