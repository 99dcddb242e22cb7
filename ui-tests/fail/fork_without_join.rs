//! A fork whose branches are never joined.
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
fn both((length, text): (usize, String)) -> String {
    format!("{length} {text}")
}

flow! {
    support(String) -> String {
        (length, upper) -> both
        //~^ both: `both` follows a fork: write `-> join -> both`
    }
}

fn main() {}
