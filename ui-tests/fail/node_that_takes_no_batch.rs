//! A node that takes no batch behind `batch`.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}
#[node]
fn count(text: String) -> usize {
    text.len()
}

flow! {
    support(String) -> usize {
        clean -> batch(32, "10ms") -> count
        //~^ count: `count` takes no batch: behind `batch` stands a node that takes a `Vec` and returns one
    }
}

fn main() {}
