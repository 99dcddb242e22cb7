//! `#[message]`: syntax, then checks, then the derives and the routing mirror.

mod args;
mod expand;
#[cfg(test)]
mod tests;

use crate::diag::Diags;
use args::MessageArgs;
use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Item, Token};

pub(crate) fn run(args: TokenStream, tokens: TokenStream, diags: &mut Diags) -> TokenStream {
    let args = MessageArgs::read(args, diags);
    if let Some((at, what)) = what_it_is_not(&tokens) {
        diags.error(at, format!("`#[message]` goes on a struct or an enum, and this is {what}"));
        return tokens;
    }
    // What does not parse is told by rustc at the item itself, which stays in the output.
    match syn::parse2::<Item>(tokens.clone()) {
        Ok(item) => expand::message(&tokens, &item, &args),
        Err(_) => tokens,
    }
}

/// Refuses what is neither a struct nor an enum, at the word that shows it.
fn what_it_is_not(tokens: &TokenStream) -> Option<(Span, &'static str)> {
    let parser = |input: ParseStream| {
        input.call(Attribute::parse_outer)?;
        input.parse::<syn::Visibility>()?;
        let found = if input.peek(Token![struct]) || input.peek(Token![enum]) {
            None
        } else if input.peek(Token![union]) && input.peek2(syn::Ident) {
            Some("a union, which can be neither cloned nor stored safely: write an enum")
        } else if input.peek(Token![type]) {
            Some("an alias: put it on the type itself, or wrap that in a struct")
        } else if input.peek(Token![fn]) || input.peek(Token![async]) {
            Some("a function: write `#[node]`")
        } else {
            Some("neither")
        };
        let found = found.map(|what| (input.span(), what));
        let _rest: TokenStream = input.parse()?;
        Ok(found)
    };
    parser.parse2(tokens.clone()).ok().flatten()
}
