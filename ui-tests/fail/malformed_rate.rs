//! A rate without a time.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node(rate = "100")]
//~^ "100": "100/s"
fn clean(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        clean
    }
}

fn main() {}
