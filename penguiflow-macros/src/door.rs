//! Runs one macro: tokens in, tokens and collected mistakes out. The only place that touches `proc_macro`, and the one that
//! shows an expansion to who asks for it.

mod show;

use crate::diag::Diags;
use proc_macro2::TokenStream;

type Attribute = fn(TokenStream, TokenStream, &mut Diags) -> TokenStream;
type Bang = fn(TokenStream, &mut Diags) -> TokenStream;

/// An attribute macro, or a derive without arguments.
pub(crate) fn attribute(
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
    run: Attribute,
) -> proc_macro::TokenStream {
    let item = TokenStream::from(item);
    let mut diags = Diags::default();
    let out = run(args.into(), item.clone(), &mut diags);
    close(&item, out, diags)
}

/// A function-like macro.
pub(crate) fn bang(input: proc_macro::TokenStream, run: Bang) -> proc_macro::TokenStream {
    let input = TokenStream::from(input);
    let mut diags = Diags::default();
    let out = run(input.clone(), &mut diags);
    close(&input, out, diags)
}

fn close(input: &TokenStream, mut out: TokenStream, diags: Diags) -> proc_macro::TokenStream {
    out.extend(diags.into_tokens());
    show::if_asked(input, &out);
    out.into()
}
