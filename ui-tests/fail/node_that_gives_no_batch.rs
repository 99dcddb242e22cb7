//! A node that takes a batch and gives one value for all, in a flow without a header.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}
#[node]
fn total(texts: Vec<String>) -> usize {
    texts.len()
}

fn main() {
    let _ = flow! { clean -> batch(32, "10ms") -> total };
    //~^ total: `total` takes no batch: behind `batch` stands a node that takes a `Vec` and returns one
}
