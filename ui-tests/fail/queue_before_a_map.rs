//! A queue before a map.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn words(text: String) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}
#[node]
fn count(text: String) -> usize {
    text.len()
}

flow! {
    support(String) -> Vec<usize> {
        words -> queue(64) -> map(count, 8)
        //~^ queue: `queue` stands before a node, and not before a map: make that a flow of its own
    }
}

fn main() {}
