//! A node that is called like a word of `flow!`.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn join(text: String) -> String {
//~^ join: `join` is a word of `flow!`: name the function otherwise, like `join_node`
    text
}

fn main() {}
