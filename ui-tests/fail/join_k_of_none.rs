//! A `join_k` that waits for nothing.
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
        (length, length as other) -> join_k(0) -> total
        //~^ 0: `join_k(0)` waits for nothing: k is 1 or more
    }
}

fn main() {}
