//! Reads a duration that the user must write out.

use crate::args::duration;
use proc_macro2::TokenStream;
use quote::ToTokens as _;
use std::time::Duration;

/// Reads all of `written`. The error is a sentence that says what to write: `unit` behind a bare number, and `otherwise` where
/// nothing looks like a duration.
pub(crate) fn read(written: TokenStream, unit: &str, otherwise: &str) -> Result<Duration, String> {
    match syn::parse2::<syn::Lit>(written) {
        Ok(syn::Lit::Str(text)) => duration::parse(&text.value()),
        Ok(syn::Lit::Int(number)) if number.suffix().is_empty() => {
            Err(format!("a duration has a unit and stands in quotes: write `\"{number}{unit}\"`"))
        }
        Ok(number) if duration::parse(&number.to_token_stream().to_string()).is_ok() => {
            Err(format!("a duration stands in quotes: write `\"{}\"`", number.to_token_stream()))
        }
        _ => Err(otherwise.to_owned()),
    }
}
