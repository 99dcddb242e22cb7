//! An argument that is nearly one.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node(retrys = 3)]
//~^ retrys: `retrys` is no argument here: write `retries = 3`
fn clean(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        clean
    }
}

fn main() {}
