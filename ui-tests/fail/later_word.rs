//! A word of a form that is not there yet.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}
#[node]
fn write(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        clean -> gate(approval) { Approved -> write, Rejected -> drop }
        //~^ gate: `gate` is a word of `flow!` that is not supported yet
    }
}

fn main() {}
