//! The value that travels along an edge. Knows nothing about nodes.

use crate::message::Meta;

/// A payload on its way through a flow, with the meta of its branch.
#[derive(Debug, Clone)]
pub struct M<T> {
    pub(crate) value: T,
    pub(crate) meta: Meta,
}

impl<T> M<T> {
    /// A value with the meta of its branch.
    pub fn new(value: T, meta: Meta) -> Self {
        M { value, meta }
    }

    /// The payload alone.
    pub fn into_value(self) -> T {
        self.value
    }
}
