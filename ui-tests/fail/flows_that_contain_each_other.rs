//! Two flows, each a step of the other.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}

flow! { ping(String) -> String { clean -> pong } }
//~^ pong: cycle detected | which requires const-evaluating + checking
flow! { pong(String) -> String { clean -> ping } }

fn main() {}
