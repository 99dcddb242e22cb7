//! `flow!`: the way from tokens to a flow, one phase a line.

mod check;
mod cursor;
mod expand;
mod fingerprint;
pub(crate) mod graph;
mod loops;
mod lower;
mod parse;
mod paths;
mod syntax;
mod text;
mod topo;
mod variants;
mod ways;
mod weave;
mod web;
mod words;

#[cfg(test)]
mod tests;

use crate::diag::Diags;
use proc_macro2::TokenStream;

/// The code of a flow. Mistakes are told inside it, so that an expression stays one expression.
pub(crate) fn run(input: TokenStream, diags: &mut Diags) -> TokenStream {
    let (krate, input) = parse::krate::take(input, diags);
    if let Some(variants) = variants::of(&input, diags) {
        return expand::variants::print(&variants, &krate, diags);
    }
    let graph = graph(input, diags);
    expand::expand(&graph, &krate, diags)
}

/// Reads a flow and checks it, all mistakes in `diags`.
pub(crate) fn graph(input: TokenStream, diags: &mut Diags) -> graph::Graph {
    let flow = parse::flow(input, words::WORDS, diags);
    let mut graph = lower::lower(flow, diags);
    check::check(&mut graph, diags);
    graph
}
