//! The mirror of an enum that a router gives back: the same variants, each with the one message that its arm receives.
//! Knows no derives.
//!
//! It bears the enum's own name, because rustc names it when an arm is missing. So the payloads' types are taken down
//! one scope above it, where the name still means the user's enum.

mod refused;

use crate::crate_path::CratePath;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, Fields, ItemEnum, Variant};

pub(super) fn of(item: &ItemEnum, krate: &CratePath) -> TokenStream {
    let span = Span::mixed_site();
    let p = krate.private(span);
    let cfgs = cfgs(&item.attrs);
    if let Some(refused) = refused::words(item) {
        let impls = refused::impls(item, &refused, &p);
        return quote_spanned!(span=> #(#cfgs)* const _: () = { #impls };);
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
    let (of, all) = (name.unraw().to_string(), arms().map(Arm::named));
    quote_spanned! {span=>
        const _: () = {
            #[allow(dead_code, missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
            pub enum #name #parameter { #(#variants),* }

            #[automatically_derived]
            impl #p::Routed for __Routed {
                type Arms<__In> = #name #parameter;
                type Passes = #p::#passes;
                const VARIANTS: ::core::option::Option<#p::Variants> =
                    ::core::option::Option::Some(#p::Variants { of: #of, all: &[#(#all),*] });

                fn arms<__In>(
                    self,
                    __input: <#p::#passes as #p::Passes>::Kept<__In>,
                    __meta: #p::Meta,
                ) -> #name #parameter {
                    match self { #(#choices),* }
                }
            }

            #[automatically_derived]
            impl #p::Routable for __Routed {}
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

    fn named(&self) -> TokenStream {
        let (cfgs, name) = (&self.cfgs, self.variant.ident.unraw().to_string());
        quote_spanned!(Span::mixed_site()=> #(#cfgs)* #name)
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

fn cfgs(attrs: &[Attribute]) -> Vec<&Attribute> {
    attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).collect()
}

/// The type, with `Self` written out: outside the enum the word means nothing.
fn without_self(tokens: TokenStream, name: &Ident) -> TokenStream {
    let tree = |tree| match tree {
        TokenTree::Ident(word) if word == "Self" => {
            let mut name = name.clone();
            name.set_span(word.span());
            TokenTree::Ident(name)
        }
        TokenTree::Group(group) => {
            let mut inside = Group::new(group.delimiter(), without_self(group.stream(), name));
            inside.set_span(group.span());
            TokenTree::Group(inside)
        }
        other => other,
    };
    tokens.into_iter().map(tree).collect()
}
