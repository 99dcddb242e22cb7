//! Collects every mistake of one macro call. Knows nothing about what the mistakes are.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The bag of mistakes that a phase adds to; the door turns it into `compile_error!`s.
#[derive(Debug, Default)]
pub(crate) struct Diags {
    errors: Vec<syn::Error>,
    /// How many of them stand in the output already, from the first on.
    placed: usize,
}

impl Diags {
    /// Reports a mistake at `span`. The text says what is wrong, then what to write instead.
    pub(crate) fn error(&mut self, span: Span, text: impl std::fmt::Display) {
        self.errors.push(syn::Error::new(span, text));
    }

    /// Reports a mistake whose caret covers all of `tokens`.
    pub(crate) fn error_on(&mut self, tokens: &impl ToTokens, text: impl std::fmt::Display) {
        self.errors.push(syn::Error::new_spanned(tokens, text));
    }

    /// Takes over what a parser found.
    pub(crate) fn absorb(&mut self, error: syn::Error) {
        self.errors.extend(error);
    }

    /// Whether nothing was reported so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// How many mistakes were reported so far.
    pub(crate) fn count(&self) -> usize {
        self.errors.len()
    }

    /// The first mistake as a `compile_error!` for a place of its own, where it also keeps rustc from saying more.
    pub(crate) fn place_first(&mut self) -> Option<TokenStream> {
        self.placed = usize::from(!self.errors.is_empty());
        self.errors.first().map(syn::Error::to_compile_error)
    }

    /// All mistakes that have no place yet, as `compile_error!` items.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.errors.iter().skip(self.placed).map(syn::Error::to_compile_error).collect()
    }

    /// The mistakes as (line, column, text), for the table of mistakes.
    #[cfg(test)]
    pub(crate) fn rows(&self) -> Vec<(usize, usize, String)> {
        let row = |e: &syn::Error| (e.span().start().line, e.span().start().column + 1, e.to_string());
        self.errors.iter().map(row).collect()
    }
}
