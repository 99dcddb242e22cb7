//! Prints how a flow's steps nest, as data beside its topology.

use super::Parts;
use super::code::number;
use crate::flow::graph::{ArmEnd, Item, Seq};
use proc_macro2::TokenStream;
use quote::quote_spanned;

/// The parts of `seq`, as a constant.
pub(super) fn seq(parts: &Parts<'_>, seq: &Seq) -> TokenStream {
    let items = seq.items.iter().filter_map(|item| part(parts, item));
    quote_spanned!(parts.at=> &[#(#items),*])
}

fn part(parts: &Parts<'_>, item: &Item) -> Option<TokenStream> {
    let (at, p) = (parts.at, parts.private(parts.at));
    let inner = |inner| seq(parts, inner);
    let part = match item {
        Item::Hop(ix) => {
            let ix = number(*ix, at);
            quote_spanned!(at=> Step(#ix))
        }
        Item::Fork(fork) => {
            let branches = fork.branches.iter().map(inner);
            quote_spanned!(at=> Fork(&[#(#branches),*]))
        }
        Item::Tee(tee) => {
            let (side, rest) = (inner(&tee.side), inner(&tee.rest));
            quote_spanned!(at=> Fork(&[#side, #rest]))
        }
        Item::Route(route) => {
            let router = number(route.router, at);
            let ways = route.arms.iter().map(|arm| {
                let (cfgs, body) = (arm.cfgs.iter().map(|cfg| &cfg.tokens), inner(&arm.body));
                let leaves = match arm.end {
                    ArmEnd::Drop(_) | ArmEnd::Done(_) | ArmEnd::Lost => quote_spanned!(at=> true),
                    ArmEnd::GoesOn | ArmEnd::Hands(_) => quote_spanned!(at=> false),
                };
                quote_spanned!(at=> #(#cfgs)* #p::Way(#body, #leaves))
            });
            quote_spanned!(at=> Route(#router, &[#(#ways),*]))
        }
        Item::Loop(turns) => {
            let (body, count) = (inner(&turns.body), number(turns.turns.value, at));
            let otherwise = turns.otherwise.as_ref().map_or_else(|| quote_spanned!(at=> &[]), inner);
            quote_spanned!(at=> Loop(#count, #body, #otherwise))
        }
        Item::Weave(weave) => {
            let strands = weave.stretches.iter().map(|stretch| {
                let (from, body) = (stretch.fed_by().iter().map(|&from| number(from, at)), inner(&stretch.body));
                quote_spanned!(at=> #p::Strand(&[#(#from),*], #body))
            });
            quote_spanned!(at=> Weave(&[#(#strands),*]))
        }
        Item::Lost(_) => return None,
    };
    Some(quote_spanned!(at=> #p::Part::#part))
}
