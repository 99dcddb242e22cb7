//! The derives of a message, without those that the user wrote. Knows nothing about routing.

use crate::message::args::MessageArgs;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::punctuated::Punctuated;
use syn::{Attribute, Item, Token};

/// `#[derive(…)]` and the helper attributes that lead the derives to our re-exports, to stand above the item.
pub(super) fn of(item: &Item, args: &MessageArgs, span: Span) -> TokenStream {
    let attrs = attrs(item);
    let p = args.krate.private(span);
    let derived = derived(attrs);
    let wants = |name: &str| !derived.iter().any(|derived| derived == name);
    let mut derives: Vec<TokenStream> = Vec::new();
    let mut helpers = TokenStream::new();
    if wants("Debug") {
        derives.push(quote_spanned!(span=> ::core::fmt::Debug));
    }
    if wants("Clone") {
        derives.push(quote_spanned!(span=> ::core::clone::Clone));
    }
    if !args.no_serde {
        let (serialize, deserialize) = (wants("Serialize"), wants("Deserialize"));
        derives.extend(serialize.then(|| quote_spanned!(span=> #p::serde::Serialize)));
        derives.extend(deserialize.then(|| quote_spanned!(span=> #p::serde::Deserialize)));
        // One of ours and one of theirs share the attribute, and both impls are of the same trait.
        if (serialize || deserialize) && !names_crate(attrs, "serde") {
            let path = text(quote_spanned!(span=> #p::serde));
            helpers.extend(quote_spanned!(span=> #[serde(crate = #path)]));
        }
    }
    if !args.no_schema && wants("JsonSchema") {
        derives.push(quote_spanned!(span=> #p::schemars::JsonSchema));
        if !names_crate(attrs, "schemars") {
            let path = text(quote_spanned!(span=> #p::schemars));
            helpers.extend(quote_spanned!(span=> #[schemars(crate = #path)]));
        }
    }
    if args.garde && wants("Validate") {
        derives.push(quote_spanned!(span=> ::garde::Validate));
    }
    let derive = (!derives.is_empty()).then(|| quote_spanned!(span=> #[derive(#(#derives),*)]));
    quote_spanned!(span=> #derive #helpers)
}

/// The impl by which the runtime finds the rules that `garde` derives.
pub(super) fn validate(item: &Item, args: &MessageArgs, span: Span) -> TokenStream {
    let (name, generics) = match item {
        Item::Struct(item) => (&item.ident, &item.generics),
        Item::Enum(item) => (&item.ident, &item.generics),
        _ => return TokenStream::new(),
    };
    if !args.garde {
        return TokenStream::new();
    }
    let p = args.krate.private(span);
    let cfgs = attrs(item).iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let (imp, types, bounds) = generics.split_for_impl();
    quote_spanned! {span=>
        #(#cfgs)*
        #[automatically_derived]
        impl #imp #p::Validate for #name #types #bounds {
            fn validate(&self) -> ::core::result::Result<(), #p::Violations> {
                #p::by_garde(self)
            }
        }
    }
}

fn attrs(item: &Item) -> &[Attribute] {
    match item {
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        _ => &[],
    }
}

/// The last words of what the item derives already.
fn derived(attrs: &[Attribute]) -> Vec<String> {
    let lists = attrs.iter().filter(|attr| attr.path().is_ident("derive"));
    let paths =
        lists.filter_map(|attr| attr.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated).ok());
    paths.flatten().filter_map(|path| path.segments.last().map(|last| last.ident.to_string())).collect()
}

/// Whether the user told the derive of `helper` its crate.
fn names_crate(attrs: &[Attribute], helper: &str) -> bool {
    let lists =
        attrs.iter().filter(|attr| attr.path().is_ident(helper)).filter_map(|attr| attr.meta.require_list().ok());
    let says_crate = |tree| matches!(tree, TokenTree::Ident(word) if word == "crate");
    lists.flat_map(|list| list.to_token_stream()).flat_map(inside).any(says_crate)
}

fn inside(tree: TokenTree) -> TokenStream {
    match tree {
        TokenTree::Group(group) => group.stream(),
        other => other.into(),
    }
}

fn text(path: TokenStream) -> String {
    path.to_string().split_whitespace().collect()
}
