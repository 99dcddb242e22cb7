//! Where the key of a request comes from. Must not know whom it is for.

use crate::llm::error::LlmError;
use crate::secret::Secret;
use futures_util::future::{BoxFuture, FutureExt as _, ready};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// Gives the key of a request, each time one is sent: a [`Secret`] is always the same, a source of your own may fetch a new one
/// before the old one ends.
pub trait KeySource: Send + Sync + 'static {
    /// The key that is good now.
    ///
    /// # Errors
    /// Of the kind [`Auth`](crate::llm::LlmErrorKind::Auth) where there is none.
    fn key(&self) -> BoxFuture<'_, Result<Secret, LlmError>>;

    /// What tells this source apart from others, so that calls with the same key share their limits: never the key itself, and nothing
    /// that it can be made of. Sources that tell nothing share the limits of their provider's address.
    fn mark(&self) -> Option<u64> {
        None
    }
}

impl KeySource for Secret {
    fn key(&self) -> BoxFuture<'_, Result<Secret, LlmError>> {
        ready(Ok(self.clone())).boxed()
    }

    /// SipHash with fixed keys: two keys have two marks, and no key that was drawn at random can be read from its mark.
    fn mark(&self) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        self.expose().hash(&mut hasher);
        Some(hasher.finish())
    }
}
