//! Prints what a flow tells about itself in the program's list of flows: name, docs, graph, schemas.

use super::{Parts, at, limits, topology};
use crate::docs;
use crate::flow::syntax::{Attr, Header, Owner};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote_spanned;

/// The entry of a named flow in the program's list of flows.
pub(super) fn info(parts: &Parts<'_>, header: &Header) -> TokenStream {
    let (p, title, docs) = (parts.private(parts.at), &parts.title, docs(header));
    let (topology, limited) = (topology::topology(parts), limits::told(parts));
    quote_spanned! {parts.at=>
        #p::inventory::submit! {
            #p::flow_info(
                #title,
                ::core::module_path!(),
                #docs,
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
        }
    }
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
