//! What the front of `flow!` promises, as tables.

mod mistakes;
mod shapes;
