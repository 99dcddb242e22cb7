//! A flow that is one of its own steps.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        clean -> support
        //~^ support: the flow `support` contains itself | `repeat(turns = n) { … }` | `ctx.call`
    }
}

fn main() {}
