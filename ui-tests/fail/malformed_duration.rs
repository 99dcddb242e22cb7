//! A timeout without its unit.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node(timeout = "2")]
//~^ "2": write | "2s"
fn clean(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        clean
    }
}

fn main() {}
