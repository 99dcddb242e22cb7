//! A plain function behind a batch.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}
fn count(texts: Vec<String>) -> Vec<usize> {
    texts.iter().map(String::len).collect()
}

flow! {
    support(String) -> usize {
        clean -> batch(32, "10ms") -> count
        //~^ count: expected type, found function `count`
    }
}

fn main() {}
