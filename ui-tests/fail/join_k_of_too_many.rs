//! A `join_k` that waits for more branches than there are.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn length(text: String) -> usize {
    text.len()
}
#[node]
fn total(lengths: Vec<usize>) -> usize {
    lengths.iter().sum()
}

flow! {
    support(String) -> usize {
        (length, length as other) -> join_k(3) -> total
        //~^ 3: `join_k(3)` never fires: the fork has 2 branches
    }
}

fn main() {}
