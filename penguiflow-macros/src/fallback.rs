//! What stands in for a node or a message after a mistake, so that nothing else turns red.

use crate::crate_path::CratePath;
use crate::node::Item;
use proc_macro2::TokenStream;

/// The user's function as it is, and a type that flows accept in its place.
pub(crate) fn node(tokens: TokenStream, _item: &Item, _krate: &CratePath) -> TokenStream {
    tokens
}
