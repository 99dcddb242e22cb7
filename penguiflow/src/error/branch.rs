//! What a branch failed with, where a failure is an outcome. Knows no fork.

use crate::error::FlowError;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// The failure of one branch in front of `settle`: it failed, panicked or ran out of its node's time, and the trace goes on.
///
/// Cheap to clone. It prints as its [`FlowError`] does, with the path to where it happened, and has the node's own error as
/// [`source`](StdError::source); returned by a node with `?`, it fails the trace.
///
/// ```
/// use penguiflow::BranchError;
/// use penguiflow::prelude::*;
///
/// #[node]
/// fn mirror_one(page: String) -> Result<usize, std::io::Error> { Ok(page.len()) }
/// #[node]
/// fn mirror_two(_: String) -> Result<usize, std::io::Error> { Err(std::io::Error::other("is down")) }
/// #[node]
/// fn report((one, two): (Result<usize, BranchError>, Result<usize, BranchError>)) -> String {
///     let told = |end: Result<usize, BranchError>| end.map_or_else(|error| error.to_string(), |n| format!("{n} bytes"));
///     format!("{}, {}", told(one), told(two))
/// }
///
/// flow! { mirrored(String) -> String { (mirror_one, mirror_two) -> settle -> report } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = mirrored::flow().start()?;
/// let told = app.call("krill".to_owned()).await?;
/// assert!(told.starts_with("5 bytes, mirrored › mirror_two, after ") && told.ends_with(" ms: is down"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct BranchError {
    failure: Arc<FlowError>,
}

impl BranchError {
    pub(crate) fn new(failure: FlowError) -> Self {
        BranchError { failure: Arc::new(failure) }
    }

    /// Where and why the branch failed.
    pub fn failure(&self) -> &FlowError {
        &self.failure
    }
}

impl fmt::Display for BranchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure.fmt(f)
    }
}

impl fmt::Debug for BranchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure.fmt(f)
    }
}

impl StdError for BranchError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.failure.source()
    }
}
