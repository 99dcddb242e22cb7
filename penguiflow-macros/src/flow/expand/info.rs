//! Prints what a flow tells about itself, name, docs, graph, schemas, and its entry in the program's list of flows.

use super::{Parts, at, limits, topology};
use crate::docs;
use crate::flow::syntax::{Attr, Header, Owner};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote_spanned;

/// What the flow tells, as a constant of its definition.
pub(super) fn info(parts: &Parts<'_>) -> TokenStream {
    let (p, title) = (parts.private(parts.at), &parts.title);
    let docs = parts.graph.header().map_or_else(|| quote_spanned!(parts.at=> ""), docs);
    let (topology, limited) = (topology::topology(parts), limits::told(parts));
    // Asked first: of flows that contain each other rustc then tells once, by the name of this constant.
    quote_spanned! {parts.at=>
        const INFO: &'static #p::FlowInfo = {
            const TOLD: #p::FlowInfo = {
                let irreversible = FLOWS_THAT_CONTAIN_EACH_OTHER_NEVER_END_CALL_ONE_FROM_A_NODE_BY_CTX_CALL;
                #p::flow_info(
                    #title,
                    ::core::module_path!(),
                    #docs,
                    irreversible,
                    #topology,
                    {
                        use #p::NoSchema as _;
                        #p::SchemaOf::<__In>::SCHEMA
                    },
                    {
                        use #p::NoSchema as _;
                        #p::SchemaOf::<__Out>::SCHEMA
                    },
                )
                #limited
            };
            &TOLD
        };
    }
}

/// The entry of a named flow in the program's list of flows.
pub(super) fn listed(parts: &Parts<'_>) -> TokenStream {
    let (p, owner) = (parts.private(parts.at), &parts.owner);
    quote_spanned!(parts.at=> #p::inventory::submit! { *<#owner as #p::FlowDef>::INFO })
}

/// The doc comment.
fn docs(header: &Header) -> TokenStream {
    let value = |attr: &Attr| {
        let TokenTree::Group(brackets) = attr.tokens.clone().into_iter().nth(1)? else { return None };
        // Behind `doc =`; a `#[doc(hidden)]` has no text.
        let value: TokenStream = brackets.stream().into_iter().skip(2).collect();
        (!value.is_empty()).then_some(value)
    };
    let Owner { attrs, name, .. } = &header.owner;
    docs::text(attrs.iter().filter(|attr| attr.name == "doc").filter_map(value), at(name.span()))
}
