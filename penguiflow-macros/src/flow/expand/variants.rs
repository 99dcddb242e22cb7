//! Prints a flow for each combination of conditions that its chains stand under.

use crate::crate_path::CratePath;
use crate::diag::Diags;
use crate::flow::variants::{Variant, Variants};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// Each flow as a call of its own, under the condition that it is the one.
pub(crate) fn print(variants: &Variants, krate: &CratePath, diags: &mut Diags) -> TokenStream {
    let span = super::at(Span::call_site());
    let (root, setting) = (krate.root(span), krate.setting(span));
    let one = |variant: &Variant| {
        let conditions = variant.conditions.iter().map(|(condition, holds)| match holds {
            true => quote_spanned!(span=> #condition),
            false => quote_spanned!(span=> not(#condition)),
        });
        let flow = &variant.flow;
        let call = quote_spanned!(span=> #root::flow! { #setting #flow });
        match variants.is_item {
            true => quote_spanned!(span=> #[cfg(all(#(#conditions),*))] #call),
            false => quote_spanned!(span=> #[cfg(all(#(#conditions),*))] { #call }),
        }
    };
    let (flows, mistakes) = (variants.all.iter().map(one), std::mem::take(diags).into_tokens());
    match variants.is_item {
        true => quote_spanned!(span=> #mistakes #(#flows)*),
        false => quote_spanned!(span=> { #mistakes #(#flows)* }),
    }
}
