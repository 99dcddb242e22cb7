//! The table of mistakes of `#[node]`, `#[router]` and `#[controller]`: one mistake, one error, at the word to blame.

mod arguments;
mod conflicts;
mod expansions;
mod items;
mod signatures;
