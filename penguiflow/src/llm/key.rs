//! Where the key of a request comes from. Must not know whom it is for.

use crate::llm::error::LlmError;
use crate::secret::Secret;
use futures_util::future::{BoxFuture, FutureExt as _, ready};

/// Gives the key of a request, each time one is sent: a [`Secret`] is always the same, a source of your own may fetch a new one
/// before the old one ends.
pub trait KeySource: Send + Sync + 'static {
    /// The key that is good now.
    ///
    /// # Errors
    /// Of the kind [`Auth`](crate::llm::LlmErrorKind::Auth) where there is none.
    fn key(&self) -> BoxFuture<'_, Result<Secret, LlmError>>;
}

impl KeySource for Secret {
    fn key(&self) -> BoxFuture<'_, Result<Secret, LlmError>> {
        ready(Ok(self.clone())).boxed()
    }
}
