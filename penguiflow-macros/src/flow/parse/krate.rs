//! Reads `crate = my_penguiflow;` before a flow: where the runtime is, for a user who knows it by another name.

use crate::crate_path::CratePath;
use crate::diag::Diags;
use crate::flow::cursor::Cursor;
use crate::flow::text;
use proc_macro2::{Span, TokenStream};

/// The crate that `input` names, and the flow behind it.
pub(crate) fn take(input: TokenStream, diags: &mut Diags) -> (CratePath, TokenStream) {
    let mut cursor = Cursor::new(input.clone(), Span::call_site());
    let (Some(word), true) = (cursor.keyword("crate"), cursor.punct('=').is_some()) else {
        return (CratePath::default(), input);
    };
    let mut path = TokenStream::new();
    while !cursor.at_end() && !cursor.peek_punct(';') {
        path.extend(cursor.bump());
    }
    if cursor.punct(';').is_none() {
        diags.error(word.span(), "`crate = …` ends with `;`: write `crate = my_penguiflow;` before the flow");
    }
    let krate = match syn::parse2(path.clone()) {
        Ok(path) => CratePath::renamed(path),
        Err(_) if path.is_empty() => {
            diags.error(word.span(), "`crate` takes the path of the crate: write `crate = my_penguiflow;`");
            CratePath::default()
        }
        Err(_) => {
            let wrong = format!("`{}` is no path of a crate: write `crate = my_penguiflow;`", text::compact(&path));
            diags.error_on(&path, wrong);
            CratePath::default()
        }
    };
    (krate, cursor.rest())
}
