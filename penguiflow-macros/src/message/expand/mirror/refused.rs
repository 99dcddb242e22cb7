//! Enums that are messages, but that no router can return: what a router that returns one is told.
//!
//! The enum has arms all the same, which nothing can be wrong about: so the router's flows stay silent, and the one
//! error stands where the router is written.

use super::cfgs;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Fields, ItemEnum};

/// The word to blame, and what is said about it.
pub(super) struct Refused {
    at: Span,
    message: String,
    label: String,
    note: String,
}

/// Why a router cannot return this enum, if it cannot.
pub(super) fn words(item: &ItemEnum) -> Option<Refused> {
    let name = &item.ident;
    if let Some(first) = item.generics.params.first() {
        return Some(Refused {
            at: first.span(),
            message: format!("`{name}` has generics, so a router cannot return it"),
            label: format!("`{name}` has generics"),
            note: format!("an arm receives one type: write an enum like `{name}` with the types that it has here"),
        });
    }
    let named = item.variants.iter().find(|variant| matches!(variant.fields, Fields::Named(_)))?;
    let variant = &named.ident;
    Some(Refused {
        at: variant.span(),
        message: format!("variant `{variant}` has named fields, so a router cannot return `{name}`"),
        label: format!("`{name}::{variant}` has named fields"),
        note: format!("an arm receives one payload: write `{variant}(Payload)`, with the fields in a struct `Payload`"),
    })
}

/// Arms that take any edge, and an impl that never holds and says why where it is asked for.
pub(super) fn impls(item: &ItemEnum, refused: &Refused, p: &TokenStream) -> TokenStream {
    let Refused { at, message, label, note } = refused;
    let span = Span::mixed_site();
    let name = &item.ident;
    let (imp, types, bounds) = item.generics.split_for_impl();
    let predicates = bounds.map(|bounds| &bounds.predicates).into_iter();
    let arms = item.variants.iter().map(|variant| {
        let (cfgs, arm) = (cfgs(&variant.attrs), &variant.ident);
        quote_spanned!(span=> #(#cfgs)* #arm(#p::Gone))
    });
    let choices = item.variants.iter().map(|variant| {
        let (cfgs, arm) = (cfgs(&variant.attrs), &variant.ident);
        quote_spanned!(span=> #(#cfgs)* Self::#arm { .. } => __Arms::#arm(#p::Gone))
    });
    let reason = reason(*at, message, label, note);
    // The lifetime keeps rustc from asking at the impl itself whether it can hold.
    quote_spanned! {span=>
        #reason

        #[automatically_derived]
        impl #imp #p::Routable for #name #types
        where
            for<'a> __Unroutable<'a>: __Routable,
            #(#predicates)*
        {
        }

        #[allow(dead_code, missing_docs, unreachable_pub)]
        pub enum __Arms { #(#arms),* }

        #[automatically_derived]
        impl #imp #p::Routed for #name #types #bounds {
            type Arms<__In> = __Arms;
            type Passes = #p::PassesNothing;

            fn arms<__In>(self, _: (), _: #p::Meta) -> __Arms {
                match self { #(#choices),* }
            }
        }
    }
}

fn reason(at: Span, message: &str, label: &str, note: &str) -> TokenStream {
    quote_spanned! {Span::mixed_site().located_at(at)=>
        #[allow(dead_code, missing_docs, unreachable_pub)]
        pub struct __Unroutable<'a>(&'a ());

        #[allow(missing_docs, unreachable_pub)]
        #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
        pub trait __Routable {}
    }
}
