//! A batch that waits for a word that is no duration.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}
#[node]
fn count(texts: Vec<String>) -> Vec<usize> {
    texts.iter().map(String::len).collect()
}

flow! {
    support(String) -> usize {
        clean -> batch(32, "10 parsecs") -> count
        //~^ "10 parsecs": `10 parsecs` is no duration: write a number and ns, us, ms, s, m or h
    }
}

fn main() {}
