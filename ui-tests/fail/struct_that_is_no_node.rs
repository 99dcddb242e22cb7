//! A struct as a step.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Plain;

#[node]
fn clean(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        clean -> Plain -> clean as again
        //~^ Plain: `Plain` is no node | put `#[node]` above the function, or write the name of a flow
    }
}

fn main() {}
