//! A flow whose header says another input than its first node takes.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! {
    support(bool) -> usize {
        length
        //~^ length: `length` takes `String`, but gets `bool`
    }
}

fn main() {}
