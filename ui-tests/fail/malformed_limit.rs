//! A node that may run on nothing at once.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node(concurrency = 0)]
//~^ 0: concurrency
fn clean(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        clean
    }
}

fn main() {}
