//! Reads `crate = my_penguiflow;` before a flow: where the runtime is, for a user who knows it by another name.

use crate::crate_path::CratePath;
use crate::diag::Diags;
use crate::flow::cursor::Cursor;
use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser};

/// The crate that `input` names, and the flow behind it.
pub(crate) fn take(input: TokenStream, diags: &mut Diags) -> (CratePath, TokenStream) {
    let mut cursor = Cursor::new(input.clone(), Span::call_site());
    let Some(word) = cursor.keyword("crate").filter(|_| cursor.peek_punct('=')) else {
        return (CratePath::default(), input);
    };
    let mut setting = TokenStream::new();
    while !cursor.at_end() && !cursor.peek_punct(';') {
        setting.extend(cursor.bump());
    }
    if cursor.punct(';').is_none() {
        diags.error(word.span(), "`;` is missing behind the path of the crate: write `crate = my_penguiflow;`");
    }
    let path = |input: ParseStream| CratePath::read(word.span(), input);
    let krate = path.parse2(setting).unwrap_or_else(|mistake| {
        diags.absorb(mistake);
        CratePath::default()
    });
    (krate, cursor.rest())
}
