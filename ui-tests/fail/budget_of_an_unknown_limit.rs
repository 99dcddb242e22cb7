//! A budget of something that no flow counts.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        budget { hops: 64, cost: 0.50 }
        //~^ cost: a budget has no `cost`: write `usd: 0.50`
        clean
    }
}

fn main() {}
