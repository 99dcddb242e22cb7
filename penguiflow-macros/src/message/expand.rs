//! Prints a message: its derives above the user's item, its arms below. Decides nothing about what it is.

mod derives;
mod mirror;

use super::args::MessageArgs;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Item;

pub(super) fn message(tokens: &TokenStream, item: &Item, args: &MessageArgs) -> TokenStream {
    let span = Span::call_site();
    let (derives, validate) = (derives::of(item, args, span), derives::validate(item, args, span));
    let mirror = match item {
        Item::Enum(item) => mirror::of(item, &args.krate),
        _ => TokenStream::new(),
    };
    quote_spanned!(span=> #derives #tokens #validate #mirror)
}
