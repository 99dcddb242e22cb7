//! A node that says it may fail and returns no `Result`.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node(fallible)]
fn length(text: String) -> usize {
//~^ usize: a fallible node returns a `Result`, but `usize` is none | take `fallible` out of the attribute
    text.len()
}

flow! {
    support(String) -> usize {
        length
    }
}

fn main() {}
