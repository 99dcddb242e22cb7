//! What the tests of a flow are made of. Stands beside the layers: it may use each of them, and nothing uses it.

mod golden;

pub use golden::{GoldenError, golden};
