//! The mirror of an enum that a router gives back: the same variants, each with the one message that its arm receives.
//! Knows no derives.
//!
//! It bears the enum's own name, because rustc names it when an arm is missing. So the payloads' types are taken down
//! one scope above it, where the name still means the user's enum.

use crate::crate_path::CratePath;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Fields, ItemEnum, Variant};

pub(super) fn of(item: &ItemEnum, krate: &CratePath) -> TokenStream {
    let span = Span::mixed_site();
    let p = krate.private(span);
    let cfgs = cfgs(&item.attrs);
    if let Some((at, words)) = unroutable(item) {
        let refusal = refusal(item, &words, &p, at);
        return quote_spanned!(span=> #(#cfgs)* const _: () = { #refusal };);
    }
    let name = &item.ident;
    let arms: Vec<Arm> =
        item.variants.iter().enumerate().map(|(index, variant)| Arm::of(index, variant, name)).collect();
    let aliases = arms.iter().filter_map(Arm::alias);
    let mirrors = match unit_cfg(&arms) {
        UnitCfg::Never => mirror(name, &arms, false, &p),
        UnitCfg::Always => mirror(name, &arms, true, &p),
        UnitCfg::If(any) => {
            let (with, without) = (mirror(name, &arms, true, &p), mirror(name, &arms, false, &p));
            quote_spanned!(span=> #[cfg(any(#(#any),*))] #with #[cfg(not(any(#(#any),*)))] #without)
        }
    };
    quote_spanned! {span=>
        #(#cfgs)*
        const _: () = {
            type __Routed = #name;
            #(#aliases)*
            #mirrors
        };
    }
}

fn mirror(name: &Ident, arms: &[Arm], passes_input: bool, p: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let parameter = passes_input.then(|| quote_spanned!(span=> <__In>));
    let passes = format_ident!("{}", if passes_input { "PassesInput" } else { "PassesNothing" }, span = span);
    // In the variant without the input there is no unit variant: its `cfg`s are off.
    let arms = || arms.iter().filter(|arm| passes_input || !arm.is_unit());
    let variants = arms().map(|arm| arm.mirrored(p));
    let choices = arms().map(|arm| arm.chosen(name, p));
    quote_spanned! {span=>
        const _: () = {
            #[allow(dead_code, missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
            pub enum #name #parameter { #(#variants),* }

            #[automatically_derived]
            impl #p::Routed for __Routed {
                type Arms<__In> = #name #parameter;
                type Passes = #p::#passes;

                fn arms<__In>(
                    self,
                    __input: <#p::#passes as #p::Passes>::Kept<__In>,
                    __meta: #p::Meta,
                ) -> #name #parameter {
                    match self { #(#choices),* }
                }
            }
        };
    }
}

/// One variant and what its arm receives.
struct Arm<'a> {
    variant: &'a Variant,
    cfgs: Vec<&'a Attribute>,
    payload: Payload,
}

enum Payload {
    /// A unit variant: the router's input.
    Input,
    /// The alias of the field's type, or of the tuple of all of them.
    Fields { alias: Ident, ty: TokenStream, fields: Vec<Ident> },
}

impl<'a> Arm<'a> {
    fn of(index: usize, variant: &'a Variant, name: &Ident) -> Self {
        let types: Vec<TokenStream> =
            variant.fields.iter().map(|field| without_self(field.ty.to_token_stream(), name)).collect();
        let fields = (0..types.len()).map(|field| format_ident!("__f{field}", span = Span::mixed_site())).collect();
        let alias = format_ident!("__P{index}", span = Span::mixed_site());
        let payload = match (&variant.fields, types.as_slice()) {
            (Fields::Unit, _) => Payload::Input,
            (_, [one]) => Payload::Fields { alias, ty: one.clone(), fields },
            (_, all) => Payload::Fields { alias, ty: quote!((#(#all),*)), fields },
        };
        Arm { variant, cfgs: cfgs(&variant.attrs), payload }
    }

    fn is_unit(&self) -> bool {
        matches!(self.payload, Payload::Input)
    }

    fn alias(&self) -> Option<TokenStream> {
        let cfgs = &self.cfgs;
        match &self.payload {
            Payload::Input => None,
            Payload::Fields { alias, ty, .. } => {
                Some(quote_spanned!(Span::mixed_site()=> #(#cfgs)* #[allow(clippy::all)] type #alias = #ty;))
            }
        }
    }

    fn mirrored(&self, p: &TokenStream) -> TokenStream {
        let (cfgs, name) = (&self.cfgs, &self.variant.ident);
        let payload = match &self.payload {
            Payload::Input => format_ident!("__In", span = Span::mixed_site()),
            Payload::Fields { alias, .. } => alias.clone(),
        };
        quote_spanned!(Span::mixed_site()=> #(#cfgs)* #name(#p::M<#payload>))
    }

    fn chosen(&self, mirror: &Ident, p: &TokenStream) -> TokenStream {
        let (cfgs, name) = (&self.cfgs, &self.variant.ident);
        let span = Span::mixed_site();
        match &self.payload {
            Payload::Input => quote_spanned! {span=>
                #(#cfgs)* __Routed::#name => #mirror::#name(#p::arm(__input, __meta))
            },
            Payload::Fields { fields, .. } => {
                let value = match fields.as_slice() {
                    [one] => quote_spanned!(span=> #one),
                    all => quote_spanned!(span=> (#(#all),*)),
                };
                quote_spanned! {span=>
                    #(#cfgs)* __Routed::#name(#(#fields),*) => #mirror::#name(#p::arm(#value, __meta))
                }
            }
        }
    }
}

/// When there is a unit variant, so that the mirror carries the router's input.
enum UnitCfg {
    Never,
    Always,
    /// When one of these conditions holds.
    If(Vec<TokenStream>),
}

fn unit_cfg(arms: &[Arm]) -> UnitCfg {
    let units: Vec<&Arm> = arms.iter().filter(|arm| arm.is_unit()).collect();
    if units.is_empty() {
        return UnitCfg::Never;
    }
    if units.iter().any(|unit| unit.cfgs.is_empty()) {
        return UnitCfg::Always;
    }
    let conditions = |unit: &Arm| {
        let all: Vec<_> =
            unit.cfgs.iter().filter_map(|cfg| cfg.meta.require_list().ok()).map(|list| &list.tokens).cloned().collect();
        quote!(all(#(#all),*))
    };
    UnitCfg::If(units.into_iter().map(conditions).collect())
}

// === enums that are messages, but no routes ===

/// Why a router cannot return this enum: where, and the sentence, its label and the way out.
fn unroutable(item: &ItemEnum) -> Option<(Span, [String; 3])> {
    let name = &item.ident;
    if let Some(first) = item.generics.params.first() {
        let words = [
            format!("`{name}` has generics, so a router cannot return it"),
            format!("`{name}` has generics"),
            format!("return an enum of fixed types: write one with the types that you have in the place of `{name}`"),
        ];
        return Some((first.span(), words));
    }
    let named = item.variants.iter().find(|variant| matches!(variant.fields, Fields::Named(_)))?;
    let variant = &named.ident;
    let words = [
        format!("variant `{variant}` has named fields, so a router cannot return `{name}`"),
        format!("`{name}::{variant}` has named fields"),
        format!("an arm receives one payload: write `{variant}(Payload)`, with the fields in a struct `Payload`"),
    ];
    Some((variant.span(), words))
}

/// An impl that never holds, and says why where it is asked for. The lifetime keeps rustc from asking at the impl itself.
fn refusal(item: &ItemEnum, [message, label, note]: &[String; 3], p: &TokenStream, at: Span) -> TokenStream {
    let span = Span::mixed_site().located_at(at);
    let (imp, types, bounds) = item.generics.split_for_impl();
    let name = &item.ident;
    let predicates = bounds.map(|bounds| &bounds.predicates).into_iter();
    quote_spanned! {span=>
        #[allow(dead_code, missing_docs, unreachable_pub)]
        pub struct __Unroutable<'a>(&'a ());

        #[allow(missing_docs, unreachable_pub)]
        #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
        pub trait __Routable {}

        #[automatically_derived]
        impl #imp #p::Routed for #name #types
        where
            for<'a> __Unroutable<'a>: __Routable,
            #(#predicates)*
        {
            type Arms<__In> = ();
            type Passes = #p::PassesNothing;

            fn arms<__In>(self, _: (), _: #p::Meta) {}
        }
    }
}

fn cfgs(attrs: &[Attribute]) -> Vec<&Attribute> {
    attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).collect()
}

/// The type, with `Self` written out: outside the enum the word means nothing.
fn without_self(tokens: TokenStream, name: &Ident) -> TokenStream {
    let tree = |tree| match tree {
        TokenTree::Ident(word) if word == "Self" => TokenTree::Ident(Ident::new(&name.to_string(), word.span())),
        TokenTree::Group(group) => {
            let mut inside = Group::new(group.delimiter(), without_self(group.stream(), name));
            inside.set_span(group.span());
            TokenTree::Group(inside)
        }
        other => other,
    };
    tokens.into_iter().map(tree).collect()
}
