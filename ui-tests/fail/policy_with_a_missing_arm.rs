//! A policy at a router that lacks an arm.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::MapPolicy;
use penguiflow::prelude::*;

#[router]
fn long(text: String) -> bool {
    text.len() > 8
}
#[node]
fn polish(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        long with MapPolicy {
            //~^ long: `long` can return `bool::false`, which has no arm: write `false -> …`
            true -> polish,
        }
    }
}

fn main() {}
