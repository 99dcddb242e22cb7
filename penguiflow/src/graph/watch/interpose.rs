//! Who may stand between a hop and its node: a test that lets nodes fail, wait or panic. The one place where that one is
//! erased. Knows no fault.

use crate::error::NodeError;
use crate::graph::watch::At;
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// Stands before each attempt of a node, behind its permit: what it waits the attempt waits, what it fails with the attempt
/// fails with, and where it panics the node does.
pub(crate) trait Interpose: Send + Sync + 'static {
    /// What comes before this attempt, if something does.
    fn before(&self, at: &At) -> Option<Before>;
}

/// What comes before an attempt.
pub(crate) type Before = BoxFuture<'static, Result<(), NodeError>>;

/// The one who stands before the nodes of a started flow.
pub(crate) type Interposer = Arc<dyn Interpose>;
