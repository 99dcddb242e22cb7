//! A map over a message that holds no items.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
struct Question(String);

#[node]
fn clean(q: Question) -> Question {
    q
}
#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! {
    support(Question) -> Vec<usize> {
        clean -> map(length, 8)
        //~^ length: `map` runs a node over each item of a collection, but `Question` is none | return a `Vec` from the node before
    }
}

fn main() {}
