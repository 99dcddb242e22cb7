//! Branches of different types before `join_k`.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn length(text: String) -> usize {
    text.len()
}
#[node]
fn upper(text: String) -> String {
    text.to_uppercase()
}
#[node]
fn total(lengths: Vec<usize>) -> usize {
    lengths.iter().sum()
}

flow! {
    support(String) -> usize {
        (length, upper) -> join_k(1) -> total
        //~^ upper: `join_k` collects values of one type, but this branch ends with `String` and the first one with `usize` | write `join`
    }
}

fn main() {}
