//! A policy at a plain node.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::MapPolicy;
use penguiflow::prelude::*;

#[node]
fn long(text: String) -> String {
    text
}
#[node]
fn polish(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        long with MapPolicy {
        //~^ long: `long` is no router, so it has no arms | put `#[router]` in the place of `#[node]`, and let the function return an enum with `#[message]`
            Good -> polish,
            Thin -> polish,
        }
    }
}

fn main() {}
