//! Prints a flow's graph as data: steps, edges and loops in the order of the source, so that a number in the picture is
//! an index into the steps.

use super::code::number;
use super::{Parts, at, names};
use crate::args::print::duration;
use crate::flow::graph::{Hop, Ix, Kind, Vertex};
use crate::flow::loops::Loops;
use crate::flow::syntax::{EntryKind, Rule};
use crate::flow::{draw, fingerprint};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// The graph of the flow, drawn and as data.
pub(super) fn topology(parts: &Parts<'_>) -> TokenStream {
    let (at, p, graph) = (parts.at, parts.private(parts.at), parts.graph);
    let loops = Loops::of(graph);
    let (picture, print) = (draw::mermaid(graph), fingerprint::fingerprint(graph));
    let steps = graph.vertices.iter().enumerate().map(|(ix, vertex)| step(parts, ix, vertex, loops.around[ix]));
    let edges = graph.edges.iter().map(|edge| (edge.from, edge.to, edge.label.text()));
    let again = loops.again.iter().map(|(from, to)| (*from, *to, Some("Again")));
    let edges = edges.chain(again).map(|(from, to, label)| {
        let label = option(label, at);
        quote_spanned!(at=> #p::edge_info(#from, #to, #label))
    });
    let loops = loops.all.iter().map(|turning| {
        let (place, turns, around) = (turning.place, number(turning.turns, at), option(turning.around, at));
        quote_spanned!(at=> #p::loop_info(#place, #turns, #around))
    });
    quote_spanned! {at=>
        {
            const STEPS: &[#p::StepInfo] = &[#(#steps),*];
            const EDGES: &[#p::EdgeInfo] = &[#(#edges),*];
            const LOOPS: &[#p::LoopInfo] = &[#(#loops),*];
            #p::Topology { mermaid: #picture, fingerprint: #print, steps: STEPS, edges: EDGES, loops: LOOPS }
        }
    }
}

fn step(parts: &Parts<'_>, ix: Ix, vertex: &Vertex, around: Option<u32>) -> TokenStream {
    let at = at(vertex.span);
    let (p, kind, around) = (parts.private(at), kind(parts, vertex, at), option(around, at));
    let Some(hop) = vertex.hop().filter(|_| !vertex.broken) else {
        let (place, name) = (option(vertex.place(), at), parts.graph.name(ix));
        return quote_spanned!(at=> #p::step_info(#place, #name, #kind, #around));
    };
    let (place, node) = (hop.place, node(vertex, hop, at));
    let behind = hop.entry.map(|entry| behind(parts, entry, at));
    quote_spanned!(at=> #p::step_of::<#node>(#place, #kind, #around)#behind)
}

/// What a message passes on its way into the step.
fn behind(parts: &Parts<'_>, entry: EntryKind, at: Span) -> TokenStream {
    let p = parts.private(at);
    let entry = match entry {
        EntryKind::Queue(queue) => {
            let (capacity, workers) = (number(queue.capacity.value, at), number(queue.workers(), at));
            quote_spanned!(at=> Queue { capacity: #capacity, workers: #workers })
        }
        EntryKind::Batch(batch) => {
            let (size, linger) = (number(batch.size.value, at), duration(batch.linger, &p, at));
            quote_spanned!(at=> Batch { size: #size, linger: #linger })
        }
    };
    quote_spanned!(at=> .behind(#p::StepEntry::#entry))
}

/// The type that knows what the node is.
fn node(vertex: &Vertex, hop: &Hop, at: Span) -> TokenStream {
    let alias = names::alias(vertex, hop);
    let node = hop.alias.as_ref().unwrap_or(&alias);
    quote_spanned!(at=> #node)
}

fn kind(parts: &Parts<'_>, vertex: &Vertex, at: Span) -> TokenStream {
    let p = parts.private(at);
    let kind = match &vertex.kind {
        Kind::Input => quote_spanned!(at=> Input),
        Kind::Output => quote_spanned!(at=> Output),
        Kind::Drop => quote_spanned!(at=> Drop),
        Kind::Node(hop) if hop.has_arms => quote_spanned!(at=> Router),
        Kind::Node(_) => quote_spanned!(at=> Node),
        Kind::Map(_, width) => {
            let at_once = number(width.at_once.value, at);
            let limit = match width.limit {
                Some(limit) => number(limit.value, at),
                None => quote_spanned!(at=> #p::ITEMS_MAX),
            };
            quote_spanned!(at=> Map { at_once: #at_once, limit: #limit })
        }
        Kind::Gather(meeting) => match meeting.rule {
            Rule::FirstK(k) => {
                let k = number(k.value, at);
                quote_spanned!(at=> JoinK { k: #k })
            }
            Rule::First => quote_spanned!(at=> First),
            Rule::Settle => quote_spanned!(at=> Settle),
            Rule::All | Rule::Told => quote_spanned!(at=> Join),
        },
    };
    quote_spanned!(at=> #p::StepKind::#kind)
}

fn option(value: Option<impl quote::ToTokens>, at: Span) -> TokenStream {
    match value {
        Some(value) => quote_spanned!(at=> ::core::option::Option::Some(#value)),
        None => quote_spanned!(at=> ::core::option::Option::None),
    }
}
