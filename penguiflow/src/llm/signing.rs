//! Signs requests with an access key of AWS, on their way to the network. Must not know what is asked.

#[cfg(feature = "llm-aws")]
mod linked;
#[cfg(not(feature = "llm-aws"))]
mod unlinked;

#[cfg(feature = "llm-aws")]
pub(crate) use linked::signing;
#[cfg(not(feature = "llm-aws"))]
pub(crate) use unlinked::signing;

use crate::llm::error::LlmError;
use crate::secret::Secret;
use futures_util::future::{BoxFuture, FutureExt as _, ready};

/// An access key of AWS. With the feature `llm-aws` requests to Bedrock are signed with it.
///
/// ```
/// use penguiflow::Secret;
/// use penguiflow::llm::AwsKeys;
///
/// let keys = AwsKeys::new("AKIDEXAMPLE", Secret::from("…")).with_session(Secret::from("…"));
/// assert!(!format!("{keys:?}").contains('…'));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AwsKeys {
    /// Its name, which is sent along.
    pub id: String,
    /// Its secret, which is not.
    pub secret: Secret,
    /// What a temporary key needs beside it.
    pub session: Option<Secret>,
}

impl AwsKeys {
    /// A key that stays.
    #[must_use]
    pub fn new(id: impl Into<String>, secret: Secret) -> Self {
        AwsKeys { id: id.into(), secret, session: None }
    }

    /// A temporary one.
    #[must_use]
    pub fn with_session(self, session: Secret) -> Self {
        AwsKeys { session: Some(session), ..self }
    }
}

/// Gives an access key, each time a request is sent: [`AwsKeys`] are always the same, a source of your own may fetch new ones, from a
/// profile, a role or the machine's metadata, before the old ones end.
pub trait AwsKeySource: Send + Sync + 'static {
    /// The key that is good now.
    ///
    /// # Errors
    /// Of the kind [`Auth`](crate::llm::LlmErrorKind::Auth) where there is none.
    fn keys(&self) -> BoxFuture<'_, Result<AwsKeys, LlmError>>;
}

impl AwsKeySource for AwsKeys {
    fn keys(&self) -> BoxFuture<'_, Result<AwsKeys, LlmError>> {
        ready(Ok(self.clone())).boxed()
    }
}
