//! Where the expansion finds the runtime: `::penguiflow`, or the path that the user gave by `crate = …`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Token;
use syn::parse::ParseStream;

/// The path to `penguiflow`; every use is spanned by its caller, or the caret would smear over the macro call.
#[derive(Clone, Default)]
pub(crate) struct CratePath {
    given: Option<syn::Path>,
}

impl CratePath {
    /// Reads `= my_penguiflow` behind `crate`, which stood at `word`.
    pub(crate) fn read(word: Span, input: ParseStream) -> syn::Result<Self> {
        let wrong = |at| syn::Error::new(at, "`crate` takes the path of the crate: write `crate = my_penguiflow`");
        input.parse::<Token![=]>().map_err(|_| wrong(word))?;
        let at = if input.is_empty() || input.peek(Token![,]) { word } else { input.span() };
        // The path of a crate has no generics, and what is printed behind it would be read as a part of them.
        let given = input.call(syn::Path::parse_mod_style).map_err(|_| wrong(at))?;
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(wrong(input.span()));
        }
        Ok(CratePath { given: Some(given) })
    }

    /// `::penguiflow`, with `span` on each of its tokens.
    pub(crate) fn root(&self, span: Span) -> TokenStream {
        match &self.given {
            Some(path) => path.to_token_stream(),
            None => quote_spanned!(span=> ::penguiflow),
        }
    }

    /// What the user wrote, for another call of a macro: `crate = my_penguiflow;`.
    pub(crate) fn setting(&self, span: Span) -> Option<TokenStream> {
        self.given.as_ref().map(|path| quote_spanned!(span=> crate = #path;))
    }

    /// `::penguiflow::__private`, with `span` on each of its tokens.
    pub(crate) fn private(&self, span: Span) -> TokenStream {
        let root = self.root(span);
        quote_spanned!(span=> #root::__private)
    }
}
