//! A plain function behind a queue.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}
fn count(text: String) -> usize {
    text.len()
}

flow! {
    support(String) -> usize {
        clean -> queue(64) -> count
        //~^ count: expected type, found function `count`
    }
}

fn main() {}
