//! A struct as a map's worker.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Plain;

#[node]
fn words(text: String) -> Vec<String> {
    vec![text]
}

flow! {
    support(String) -> Vec<String> {
        words -> map(Plain, 8)
        //~^ Plain: `Plain` is no node: put `#[node]` above the function, or write the name of a flow
    }
}

fn main() {}
