//! An unsafe node.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
unsafe fn clean(text: String) -> String {
//~^ unsafe: unsafe
    text
}

flow! {
    support(String) -> String {
        clean
    }
}

fn main() {}
