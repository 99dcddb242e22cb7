//! Puts the lines of a doc comment together, for what an item tells about itself. Knows no items.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// The text as one constant string; `values` are what stands behind `doc =`, line by line.
pub(crate) fn text(values: impl Iterator<Item = TokenStream>, at: Span) -> TokenStream {
    let mut parts: Vec<TokenStream> = Vec::new();
    for value in values {
        if !parts.is_empty() {
            parts.push(quote_spanned!(at=> "\n"));
        }
        // `///` leaves a blank before the text; an `include_str!` is taken as it is.
        parts.push(match syn::parse2::<syn::LitStr>(value.clone()) {
            Ok(line) => {
                let line = line.value();
                let line = line.strip_prefix(' ').unwrap_or(&line);
                quote_spanned!(at=> #line)
            }
            Err(_) => value,
        });
    }
    quote_spanned!(at=> ::core::concat!(#(#parts),*))
}
