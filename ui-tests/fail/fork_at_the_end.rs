//! A fork at the end of a flow.
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

flow! {
    support(String) -> (usize, String) {
        (length, upper)
        //~^ (length, upper): this fork never joins: write `-> join` behind it
    }
}

fn main() {}
