//! Runs one macro: tokens in, tokens and collected mistakes out. The only place that touches `proc_macro`.

use crate::diag::Diags;
use proc_macro2::TokenStream;

type Attribute = fn(TokenStream, TokenStream, &mut Diags) -> TokenStream;
type Bang = fn(TokenStream, &mut Diags) -> TokenStream;

pub(crate) fn attribute(
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
    run: Attribute,
) -> proc_macro::TokenStream {
    let mut diags = Diags::default();
    let out = run(args.into(), item.into(), &mut diags);
    close(out, diags)
}

pub(crate) fn bang(input: proc_macro::TokenStream, run: Bang) -> proc_macro::TokenStream {
    let mut diags = Diags::default();
    let out = run(input.into(), &mut diags);
    close(out, diags)
}

fn close(mut out: TokenStream, diags: Diags) -> proc_macro::TokenStream {
    out.extend(diags.into_tokens());
    out.into()
}
