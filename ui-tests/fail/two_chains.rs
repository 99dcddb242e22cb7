//! A chain that no other one leads to.
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
        clean; write
        //~^ write: `write` is never reached: a flow begins with its first chain, at `clean`
    }
}

fn main() {}
