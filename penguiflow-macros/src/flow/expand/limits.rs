//! Prints what one run of a flow may spend: two constants of its definition, and what the program's list tells of them.

use super::{Parts, at};
use crate::args::print;
use crate::flow::syntax::Budget;
use proc_macro2::TokenStream;
use quote::quote_spanned;

/// The constants.
pub(super) fn consts(parts: &Parts<'_>) -> TokenStream {
    let Some(Budget { hops, tokens, picos, deadline, .. }) = parts.graph.budget else { return TokenStream::new() };
    let (at, p) = (parts.at, parts.private(parts.at));
    let hops = hops.map(|hops| quote_spanned!(at=> .hops(#hops)));
    let tokens = tokens.map(|tokens| quote_spanned!(at=> .tokens(#tokens)));
    let usd = picos.map(|picos| quote_spanned!(at=> .usd(#p::Money::from_picos(#picos))));
    let deadline = deadline.map(|deadline| {
        let deadline = print::duration(deadline, &p, at);
        quote_spanned! {at=>
            const DEADLINE: ::core::option::Option<#p::Duration> = ::core::option::Option::Some(#deadline);
        }
    });
    let counts = hops.is_some() || tokens.is_some() || usd.is_some();
    let budget = counts.then(|| quote_spanned!(at=> const BUDGET: #p::Budget = #p::Budget::new() #hops #tokens #usd;));
    quote_spanned!(at=> #budget #deadline)
}

/// The proof that the longest run meets the deadline, where it is asked for.
pub(super) fn proof(parts: &Parts<'_>) -> Option<TokenStream> {
    let at = at(parts.graph.budget?.prove?);
    let (p, owner) = (parts.private(at), &parts.owner);
    Some(quote_spanned!(at=> const _: () = #p::prove(<#owner as #p::FlowDef>::INFO);))
}

/// The constants, told in the program's list of flows.
pub(super) fn told(parts: &Parts<'_>) -> Option<TokenStream> {
    parts.graph.budget?;
    let (at, p, owner) = (parts.at, parts.private(parts.at), &parts.owner);
    Some(quote_spanned!(at=> .limited(<#owner as #p::FlowDef>::BUDGET, <#owner as #p::FlowDef>::DEADLINE)))
}
