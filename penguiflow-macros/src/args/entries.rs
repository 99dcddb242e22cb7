//! Reads a comma-separated list of arguments and goes on behind a mistake. Knows no keys.

use crate::diag::Diags;
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::Token;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};

/// Runs `read` over all of `tokens`.
pub(crate) fn of_stream(tokens: TokenStream, diags: &mut Diags, read: impl FnOnce(ParseStream, &mut Diags)) {
    let parser = |input: ParseStream| {
        read(input, diags);
        Ok(())
    };
    // `read` leaves nothing behind and reports by itself, so there is nothing to hear from the parser.
    let _ = parser.parse2(tokens);
}

/// Calls `entry` with the key of each argument, the input standing behind the key. What `entry` refuses is reported,
/// and its tokens are passed over.
pub(crate) fn each(
    input: ParseStream,
    diags: &mut Diags,
    mut entry: impl FnMut(Ident, ParseStream) -> syn::Result<()>,
) {
    while !input.is_empty() {
        let one = |input: ParseStream| -> syn::Result<()> {
            let key = Ident::parse_any(input).map_err(|_| input.error("expected an argument, like `retries = 3`"))?;
            entry(key, input)?;
            if input.is_empty() || input.peek(Token![,]) {
                return Ok(());
            }
            Err(input.error("expected `,` between two arguments"))
        };
        if let Err(mistake) = { one }(input) {
            diags.absorb(mistake);
            skip_to_comma(input);
        }
        let _: Option<Token![,]> = input.parse().ok().flatten();
    }
}

/// Refuses a value behind `word`, which is all there is to say.
pub(crate) fn flag(word: &Ident, input: ParseStream) -> syn::Result<()> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(());
    }
    Err(syn::Error::new(input.span(), format!("`{word}` takes no value: write `{word}` alone")))
}

fn skip_to_comma(input: ParseStream) {
    while !input.is_empty() && !input.peek(Token![,]) {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}
