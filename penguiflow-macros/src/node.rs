//! `#[node]`, `#[router]`, `#[controller]`: syntax, then checks, then expansion.

mod check;
mod expand;
#[cfg(test)]
mod tests;
mod words;

use crate::args::NodeArgs;
use crate::args::keys::Place;
use crate::diag::Diags;
use crate::fallback;
use crate::sig::{self, Broken, Kind, item};
use proc_macro2::TokenStream;

pub(crate) fn run(args: TokenStream, item: TokenStream, diags: &mut Diags) -> TokenStream {
    any(Kind::Node, args, item, diags)
}

pub(crate) fn run_router(args: TokenStream, item: TokenStream, diags: &mut Diags) -> TokenStream {
    any(Kind::Router, args, item, diags)
}

pub(crate) fn run_controller(args: TokenStream, item: TokenStream, diags: &mut Diags) -> TokenStream {
    any(Kind::Controller, args, item, diags)
}

fn any(kind: Kind, args: TokenStream, tokens: TokenStream, diags: &mut Diags) -> TokenStream {
    let item = match item::read(tokens.clone(), kind) {
        Ok(item) => item,
        Err(mistake) => {
            diags.absorb(mistake);
            return tokens;
        }
    };
    if let Some(other) = item.attrs.iter().find(|attribute| is_ours(attribute)) {
        diags.error_on(other, "this makes a node of what is one already: leave one of the two attributes out");
        return tokens;
    }
    let args = NodeArgs::read(args, place(kind), diags);
    check::name(&item.sig.ident, diags);
    let model = sig::read(&item.sig, kind, diags);
    if let Ok(model) = &model {
        check::together(&args, model, kind, diags);
    }
    match model {
        Ok(model) if diags.is_empty() => {
            let mut out = item::marked(tokens);
            out.extend(expand::node(&item, &args, &model, kind));
            out
        }
        Ok(_) => fallback::node(tokens, &item, Broken::Keep, diags),
        Err(broken) => fallback::node(tokens, &item, broken, diags),
    }
}

fn is_ours(attribute: &syn::Attribute) -> bool {
    let last = attribute.path().segments.last().map(|last| last.ident.to_string());
    last.is_some_and(|last| ["node", "router", "controller"].contains(&last.as_str()))
}

fn place(kind: Kind) -> Place {
    match kind {
        Kind::Node => Place::Node,
        Kind::Router => Place::Router,
        Kind::Controller => Place::Controller,
    }
}
