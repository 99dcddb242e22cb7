//! What the front of `flow!` promises, as tables.

mod expansions;
mod mistakes;
mod picture;
mod shapes;
mod words;
