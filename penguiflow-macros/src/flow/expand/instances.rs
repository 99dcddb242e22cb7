//! Prints the checks that an instance with a policy is one of a node: a flow has no attempt that a policy could be about.

use super::{Parts, at, names};
use crate::flow::graph::{Hop, Ix};
use proc_macro2::TokenStream;
use quote::quote_spanned;

/// The checks of a flow's instances.
pub(super) fn checks(parts: &Parts<'_>) -> TokenStream {
    let check = |(ix, hop): (Ix, &Hop)| {
        let vertex = &parts.graph.vertices[ix];
        let policy = hop.policy.as_ref().filter(|_| hop.alias.is_some() && !vertex.broken)?;
        let (at, alias, flow) = (at(policy.span), names::alias(vertex, hop), &hop.path.text);
        let p = parts.private(at);
        let why = format!(
            "`{flow}` is a flow, and policies are about nodes: leave these parentheses out, and write the policy inside \
             `{flow}`"
        );
        Some(quote_spanned!(at=> const _: () = #p::refuse(<#alias as #p::NodeDef>::IS_FLOW, #why);))
    };
    parts.graph.hops().filter_map(check).collect()
}
