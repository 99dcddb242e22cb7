//! Names what a message asks for, so that asking twice does it once. Must not know who remembers it.

use std::sync::Arc;

/// The idempotency key of a message, within its tenant: those of different tenants never meet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) tenant: Option<Arc<str>>,
    pub(crate) key: Arc<String>,
}
