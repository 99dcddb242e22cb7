//! A sub-flow that does not take what comes before it.
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

flow! { loud(String) -> String { upper } }
flow! {
    support(String) -> String {
        length -> loud
        //~^ loud: `loud` takes `String`, but gets `usize`
    }
}

fn main() {}
