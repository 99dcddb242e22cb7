//! Branches of different types before `first`.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn near(text: String) -> usize {
    text.len()
}

#[node]
fn far(text: String) -> String {
    text
}

#[node]
fn count(n: usize) -> usize {
    n
}

flow! {
    support(String) -> usize {
        (near, far) -> first -> count
        //~^ far: `first` gives a value of one type, but this branch ends with `String` and the first one with `usize` | let each branch end with `usize`, or write `join`
    }
}

fn main() {}
