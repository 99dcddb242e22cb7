//! Prints what a node tells about itself in the program's list of nodes: name, docs, policy, schemas.

use super::Parts;
use crate::docs;
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
                <#name as #p::NodeDef>::INPUT,
                <#name as #p::NodeDef>::OUTPUT,
            )
        }
    }
}

/// The doc comment.
fn docs(parts: &Parts<'_>, item: &Item) -> TokenStream {
    let values = item.docs().filter_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(meta) if meta.path.is_ident("doc") => Some(meta.value.to_token_stream()),
        _ => None,
    });
    docs::text(values, parts.at)
}
