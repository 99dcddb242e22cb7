//! What stands in the place of a node's function gives. The one place where its type is erased. Knows no node.

use crate::error::NodeError;
use std::any::Any;
use std::future::Future;
use std::pin::Pin;

/// What a stub gives instead of a node's own future.
pub(crate) type StubFuture = Pin<Box<dyn Future<Output = Result<Stubbed, NodeError>> + Send>>;

/// What a stub gives in the end.
pub(crate) type Stubbed = Box<dyn Gives>;

/// An `Option` of what an attempt of a node gives, without its type.
pub(crate) trait Gives: Send {
    /// Gives it to an `Option` of the same type.
    fn give(&mut self, to: &mut dyn Any);
}

impl<T: Send + 'static> Gives for Option<T> {
    fn give(&mut self, to: &mut dyn Any) {
        if let Some(to) = to.downcast_mut() {
            *to = self.take();
        }
    }
}
