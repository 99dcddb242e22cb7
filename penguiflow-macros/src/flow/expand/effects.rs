//! Prints the checks that a node with an irreversible effect stands where it is never dropped half done, and never tried
//! twice. Its effect is known to its attribute, so the checks run when the flow is compiled.

use super::{Parts, at, names};
use crate::flow::graph::{Fork, Graph, Hop, Item, Ix, Kind, Seq, Weave};
use crate::flow::syntax::Rule;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// The checks of a flow's nodes, one error a node.
pub(super) fn checks(parts: &Parts<'_>) -> TokenStream {
    let mut dropped = vec![None; parts.graph.vertices.len()];
    droppable(parts.graph, &parts.graph.body, None, &mut dropped);
    let check = |(ix, hop): (Ix, &Hop)| {
        let vertex = &parts.graph.vertices[ix];
        let (span, why) = mistake(hop, dropped[ix].as_deref()).filter(|_| !vertex.broken)?;
        let (span, alias) = (at(span.unwrap_or(vertex.span)), names::alias(vertex, hop));
        let p = parts.private(span);
        Some(quote_spanned!(span=> const _: () = #p::refuse(<#alias as #p::NodeDef>::IRREVERSIBLE, #why);))
    };
    parts.graph.hops().filter_map(check).collect()
}

/// What would be wrong if the node's effect were irreversible, and where that is shown unless at the node's name.
fn mistake(hop: &Hop, dropped: Option<&str>) -> Option<(Option<Span>, String)> {
    let name = hop.name();
    let args = hop.policy.as_ref().map(|policy| &policy.args).filter(|args| args.effect.is_none());
    let retries = args.and_then(|args| args.retries.as_ref()).filter(|retries| retries.value > 0);
    let timeout = args.and_then(|args| args.timeout.as_ref());
    if let Some(retries) = retries {
        let text = format!("the effect of `{name}` is irreversible, so it is never tried twice: leave `retries` out");
        return Some((Some(retries.key), text));
    }
    if let Some(timeout) = timeout {
        let text =
            format!("the effect of `{name}` is irreversible, and a timeout would drop it half done: leave it out");
        return Some((Some(timeout.key), text));
    }
    dropped.map(|word| {
        let text = format!(
            "the effect of `{name}` is irreversible, and `{word}` drops the branches that are late: write `join`, or put \
             the node behind the fork"
        );
        (None, text)
    })
}

/// Notes for each vertex the word that may drop it half done.
fn droppable(graph: &Graph, seq: &Seq, word: Option<&str>, dropped: &mut [Option<String>]) {
    for item in &seq.items {
        match item {
            Item::Hop(ix) => dropped[*ix] = word.map(str::to_owned),
            Item::Fork(fork) => {
                let own = drops(graph, fork);
                fork.branches.iter().for_each(|branch| droppable(graph, branch, own.as_deref().or(word), dropped));
            }
            Item::Loop(turns) => {
                droppable(graph, &turns.body, word, dropped);
                turns.otherwise.iter().for_each(|otherwise| droppable(graph, otherwise, word, dropped));
            }
            Item::Route(route) => {
                dropped[route.router] = word.map(str::to_owned);
                route.arms.iter().for_each(|arm| droppable(graph, &arm.body, word, dropped));
            }
            Item::Tee(tee) => {
                droppable(graph, &tee.side, word, dropped);
                droppable(graph, &tee.rest, word, dropped);
            }
            Item::Weave(weave) => {
                for (at, stretch) in weave.stretches.iter().enumerate() {
                    let own = late(graph, weave, at);
                    droppable(graph, &stretch.body, own.as_deref().or(word), dropped);
                }
            }
            Item::Lost(_) => {}
        }
    }
}

/// `join_k(2)`, if the fork goes on before all of its branches have ended.
fn drops(graph: &Graph, fork: &Fork) -> Option<String> {
    let (word, needed) = races(graph, fork.gather?)?;
    (needed < fork.branches.len()).then_some(word)
}

/// The word that may drop the stretch `at` half done: it can have all it needs from stretches that do not stand behind it.
fn late(graph: &Graph, weave: &Weave, at: usize) -> Option<String> {
    let mut behind = vec![false; weave.stretches.len()];
    behind[at] = true;
    weave.stretches.iter().enumerate().find_map(|(ix, stretch)| {
        let from = stretch.fed_by();
        let of_it = from.iter().filter(|&&from| behind[from]).count();
        behind[ix] |= of_it > 0;
        let (word, needed) = races(graph, stretch.gather()?)?;
        (of_it > 0 && from.len() - of_it >= needed).then_some(word)
    })
}

/// How many branches `gather` goes on with, if it does not wait for all of them.
fn races(graph: &Graph, gather: Ix) -> Option<(String, usize)> {
    match &graph.vertices[gather].kind {
        Kind::Gather(gather) => match gather.rule {
            Rule::FirstK(k) => Some((format!("{}({})", gather.word, k.value), k.value)),
            Rule::First => Some((gather.word.to_string(), 1)),
            Rule::All | Rule::Settle | Rule::Told => None,
        },
        Kind::Node(_) | Kind::Map(..) | Kind::Input | Kind::Output | Kind::Drop => None,
    }
}
