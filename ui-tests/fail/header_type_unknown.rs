//! A flow whose header names a type that is not there.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! {
    support(Question) -> usize {
    //~^ Question: cannot find type `Question`
        length
    }
}

fn main() {}
