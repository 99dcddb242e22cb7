//! Reads the function that an attribute stands on. Its body stays unread: what is wrong in there is rustc's to say.

use super::Kind;
use proc_macro2::{Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Signature, Token, Visibility};

/// A function without its body.
pub(crate) struct Item {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
}

impl Item {
    /// The attributes that what we add must have, too: it exists exactly when the function does.
    pub(crate) fn cfgs(&self) -> impl Iterator<Item = &Attribute> {
        self.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"))
    }

    /// What a reader of the generated type is to see.
    pub(crate) fn docs(&self) -> impl Iterator<Item = &Attribute> {
        self.attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("doc") || attribute.path().is_ident("deprecated"))
    }
}

pub(crate) fn read(tokens: TokenStream, kind: Kind) -> syn::Result<Item> {
    let parser = |input: ParseStream| {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        no_function(input, kind)?;
        let sig = input.call(Signature::parse)?;
        if input.peek(Token![;]) {
            let text = format!(
                "`{}` is declared here and written elsewhere: put `#[{}]` where its body is",
                sig.ident,
                word(kind)
            );
            return Err(syn::Error::new(sig.ident.span(), text));
        }
        let _body: TokenStream = input.parse()?;
        Ok(Item { attrs, vis, sig })
    };
    parser.parse2(tokens)
}

/// Refuses what is no function, at the word that shows it.
fn no_function(input: ParseStream, kind: Kind) -> syn::Result<()> {
    let is_const_fn = input.peek(Token![const]) && !input.peek2(syn::Ident) && !input.peek2(Token![_]);
    let starts = |what| Some((input.span(), what));
    let found = if input.peek(Token![struct]) || input.peek(Token![union]) && input.peek2(syn::Ident) {
        starts("a struct: messages are made by `#[message]`")
    } else if input.peek(Token![enum]) {
        starts("an enum: messages are made by `#[message]`")
    } else if input.peek(Token![impl]) || input.peek(Token![unsafe]) && input.peek2(Token![impl]) {
        starts("an impl: write the function beside it")
    } else if input.peek(Token![trait]) {
        starts("a trait: write a function beside it")
    } else if input.peek(Token![mod]) {
        starts("a module: put it on each function inside")
    } else if input.peek(Token![type]) || input.peek(Token![use]) || input.peek(Token![static]) {
        starts("no function")
    } else if input.peek(Token![const]) && !is_const_fn {
        starts("a constant")
    } else if input.peek(Token![let]) || input.peek(Token![|]) || input.peek(Token![move]) {
        starts("no item: name the closure, as a function")
    } else {
        None
    };
    let Some((at, what)) = found else { return Ok(()) };
    let word = word(kind);
    Err(syn::Error::new(at, format!("`#[{word}]` goes on a function, and this is {what}")))
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Node => "node",
        Kind::Router => "router",
        Kind::Controller => "controller",
    }
}

/// The function with the expansion's mark on its name. rustc otherwise offers to make a misspelt type of the signature a
/// generic parameter, at the function but not at our copy of the type, and so tells one typo twice.
pub(crate) fn marked(tokens: TokenStream) -> TokenStream {
    let mut after_fn = false;
    let mut done = false;
    let mark = |mut tree: TokenTree| {
        if let TokenTree::Ident(name) = &mut tree {
            if after_fn && !done {
                name.set_span(Span::call_site().located_at(name.span()));
                done = true;
            }
            after_fn = name == "fn";
        }
        tree
    };
    tokens.into_iter().map(mark).collect()
}
