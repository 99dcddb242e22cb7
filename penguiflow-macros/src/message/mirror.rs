//! The mirror of an enum that a router gives back: the same variants, each with one message. Knows no derives.

use crate::crate_path::CratePath;
use proc_macro2::TokenStream;
use syn::ItemEnum;

pub(super) fn of(_item: &ItemEnum, _krate: &CratePath) -> TokenStream {
    TokenStream::new()
}
