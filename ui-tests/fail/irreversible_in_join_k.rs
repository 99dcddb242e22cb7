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
fn total(cents: Vec<u32>) -> u32 {
    cents.iter().sum()
}

flow! {
    support(u32) -> u32 {
        (pay, wait) -> join_k(1) -> total
        //~^ pay: `pay` | irreversible | `join`
    }
}

fn main() {}
