//! Prints what a flow tells about itself in the program's list of flows: name, docs, graph, schemas.

use super::{Parts, at, topology};
use crate::flow::syntax::Header;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote_spanned;

/// The entry of a named flow in the program's list of flows.
pub(super) fn info(parts: &Parts<'_>, header: &Header) -> TokenStream {
    let (p, title, docs) = (parts.private(parts.at), &parts.title, docs(header));
    let topology = topology::topology(parts);
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
        }
    }
}

/// The lines of the doc comment as one string.
fn docs(header: &Header) -> TokenStream {
    let span = at(header.owner.name.span());
    let mut parts: Vec<TokenStream> = Vec::new();
    for attr in header.owner.attrs.iter().filter(|attr| attr.name == "doc") {
        let Some(TokenTree::Group(brackets)) = attr.tokens.clone().into_iter().nth(1) else { continue };
        // Behind `doc =`; a `#[doc(hidden)]` has no text.
        let text: TokenStream = brackets.stream().into_iter().skip(2).collect();
        if text.is_empty() {
            continue;
        }
        if !parts.is_empty() {
            parts.push(quote_spanned!(span=> "\n"));
        }
        // `///` leaves a blank before the text; an `include_str!` is taken as it is.
        parts.push(match syn::parse2::<syn::LitStr>(text.clone()) {
            Ok(line) => {
                let line = line.value();
                let line = line.strip_prefix(' ').unwrap_or(&line);
                quote_spanned!(span=> #line)
            }
            Err(_) => text,
        });
    }
    quote_spanned!(span=> ::core::concat!(#(#parts),*))
}
