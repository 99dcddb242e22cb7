//! An amount of money that cannot be told exactly.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        budget { usd: 0.0000000000001 }
        //~^ 0.0000000000001: `0.0000000000001` is too fine: an amount of dollars has at most 12 digits
        clean
    }
}

fn main() {}
