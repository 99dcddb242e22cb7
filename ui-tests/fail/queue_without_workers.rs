//! A queue that nobody works at.
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
        clean -> queue(64, workers = 0) -> count
        //~^ 0: a queue of 0 workers never moves: `workers` is 1 or more
    }
}

fn main() {}
