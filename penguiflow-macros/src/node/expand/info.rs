//! Prints what a node tells about itself in the program's list of nodes: name, docs, policy, schemas.

use super::Parts;
use crate::sig::item::Item;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};

pub(super) fn info(parts: &Parts<'_>, item: &Item) -> TokenStream {
    let (p, name, docs) = (&parts.p, parts.sig.name, docs(parts, item));
    quote_spanned! {parts.at=>
        #p::inventory::submit! {
            #p::node_info(
                <#name as #p::NodeDef>::NAME,
                ::core::module_path!(),
                #docs,
                <#name as #p::NodeDef>::POLICY,
                #p::SchemaOf::<__In>::SCHEMA,
                #p::SchemaOf::<__Out>::SCHEMA,
            )
        }
    }
}

/// The lines of the doc comment as one string.
fn docs(parts: &Parts<'_>, item: &Item) -> TokenStream {
    let values = item.docs().filter_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(meta) if meta.path.is_ident("doc") => Some(&meta.value),
        _ => None,
    });
    let mut lines: Vec<TokenStream> = Vec::new();
    for value in values {
        if !lines.is_empty() {
            lines.push(quote_spanned!(parts.at=> "\n"));
        }
        // `///` leaves a blank before the text; an `include_str!` is taken as it is.
        lines.push(match syn::parse2::<syn::LitStr>(value.to_token_stream()) {
            Ok(line) => {
                let line = line.value();
                let line = line.strip_prefix(' ').unwrap_or(&line);
                quote_spanned!(parts.at=> #line)
            }
            Err(_) => value.to_token_stream(),
        });
    }
    quote_spanned!(parts.at=> ::core::concat!(#(#lines),*))
}
