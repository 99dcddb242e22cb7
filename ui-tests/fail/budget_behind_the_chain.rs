//! A budget where a step stands.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        clean -> budget { hops: 64 }
        //~^ budget: `budget` stands before a flow's first chain: write `budget { hops: 64 } a -> b`
    }
}

fn main() {}
