//! Prints a flow's graph as data: steps, edges and loops in the order of the source, so that a number in the picture is
//! an index into the steps.

use super::code::number;
use super::{Parts, at, names};
use crate::args::print::duration;
use crate::flow::fingerprint;
use crate::flow::graph::{Hop, Ix, Kind, Label, Vertex};
use crate::flow::loops::Loops;
use crate::flow::syntax::{EntryKind, Rule};
use crate::flow::ways::{Lane, Way, ways};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// The graph of the flow.
pub(super) fn topology(parts: &Parts<'_>) -> TokenStream {
    let (at, p, graph) = (parts.at, parts.private(parts.at), parts.graph);
    let loops = Loops::of(graph);
    let print = fingerprint::fingerprint(graph);
    let steps = graph.vertices.iter().enumerate().map(|(ix, vertex)| step(parts, ix, vertex, loops.around[ix]));
    let edges = graph.edges.iter().zip(ways(graph)).map(|(edge, way)| {
        let (from, to, when, beside) = (edge.from, edge.to, when(parts, &edge.label), beside(parts, &way));
        let conditions = way.cfgs.iter().map(|cfg| &cfg.tokens);
        quote_spanned!(at=> #(#conditions)* #p::edge_info(#from, #to, #p::EdgeKind::#when)#beside)
    });
    let again =
        loops.again.iter().map(|(from, to)| quote_spanned!(at=> #p::edge_info(#from, #to, #p::EdgeKind::Again)));
    let edges = edges.chain(again);
    let loops = loops.all.iter().map(|turning| {
        let (place, turns, around) = (turning.place, number(turning.turns, at), option(turning.around, at));
        quote_spanned!(at=> #p::loop_info(#place, #turns, #around))
    });
    quote_spanned! {at=>
        {
            const STEPS: &[#p::StepInfo] = &[#(#steps),*];
            const EDGES: &[#p::EdgeInfo] = &[#(#edges),*];
            const LOOPS: &[#p::LoopInfo] = &[#(#loops),*];
            #p::Topology { fingerprint: #print, steps: STEPS, edges: EDGES, loops: LOOPS }
        }
    }
}

/// When a message takes an edge.
fn when(parts: &Parts<'_>, label: &Label) -> TokenStream {
    let at = parts.at;
    match label {
        Label::Always | Label::Aside => quote_spanned!(at=> Always),
        Label::Arm(_, variant) => {
            let variant = variant.trim_start_matches("r#");
            quote_spanned!(at=> Arm(#variant))
        }
        Label::LoopDone => quote_spanned!(at=> Done),
        Label::OutOfTurns => quote_spanned!(at=> OutOfTurns),
    }
}

/// What runs beside what an edge leads to, where that is to be told.
fn beside(parts: &Parts<'_>, way: &Way<'_>) -> Option<TokenStream> {
    let (at, p) = (parts.at, parts.private(parts.at));
    let lane = match way.lane {
        Lane::Same => return None,
        Lane::Parallel => quote_spanned!(at=> Parallel),
        Lane::Side => quote_spanned!(at=> Side),
        Lane::BestEffort => quote_spanned!(at=> BestEffort),
    };
    Some(quote_spanned!(at=> .beside(#p::Lane::#lane)))
}

fn step(parts: &Parts<'_>, ix: Ix, vertex: &Vertex, around: Option<u32>) -> TokenStream {
    let at = at(vertex.span);
    let (p, kind, around) = (parts.private(at), kind(parts, vertex, at), option(around, at));
    match &vertex.kind {
        Kind::Input => return quote_spanned!(at=> #p::input_of::<__In>()),
        Kind::Output => return quote_spanned!(at=> #p::output_of::<__Out>()),
        Kind::Drop | Kind::Node(_) | Kind::Map(..) | Kind::Gather(_) => {}
    }
    let Some(hop) = vertex.hop().filter(|_| !vertex.broken) else {
        let (place, name) = (option(vertex.place(), at), parts.graph.name(ix));
        return quote_spanned!(at=> #p::step_info(#place, #name, #kind, #around));
    };
    let (place, node) = (hop.place, node(vertex, hop, at));
    let behind = hop.entry.map(|entry| behind(parts, entry, at));
    let asking = hop.asks.as_ref().map(|policy| {
        let name = policy.text.replace("r#", "");
        quote_spanned!(at=> .asking(#name))
    });
    quote_spanned!(at=> #p::step_of::<#node>(#place, #kind, #around)#behind #asking)
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
            let parallel = width.parallel;
            quote_spanned!(at=> Map { at_once: #at_once, limit: #limit, parallel: #parallel })
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
