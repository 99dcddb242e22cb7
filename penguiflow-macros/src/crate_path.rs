//! Where the expansion finds the runtime: `::penguiflow`, or the path that the user gave by `crate = …`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

/// The path to `penguiflow`; every use is spanned by its caller, or the caret would smear over the macro call.
#[derive(Clone, Default)]
pub(crate) struct CratePath {
    given: Option<syn::Path>,
}

impl CratePath {
    /// The crate under the name that the user gave it.
    pub(crate) fn renamed(path: syn::Path) -> Self {
        CratePath { given: Some(path) }
    }

    /// `::penguiflow::__private`, with `span` on each of its tokens.
    pub(crate) fn private(&self, span: Span) -> TokenStream {
        let root = match &self.given {
            Some(path) => path.to_token_stream(),
            None => quote_spanned!(span=> ::penguiflow),
        };
        quote_spanned!(span=> #root::__private)
    }
}
