//! An irreversible node in a branch that may be dropped half done.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node(effect = irreversible)]
fn pay(cents: u32) -> u32 {
    cents
}
#[node]
fn wait(cents: u32) -> u32 {
    cents
}
#[node]
fn total(cents: u32) -> u32 {
    cents
}

flow! {
    support(u32) -> u32 {
        (pay, wait) -> first -> total
        //~^ pay: `pay` | irreversible | `join`
    }
}

fn main() {}
