//! A struct with arms.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Plain;

#[node]
fn clean(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        Plain {
        //~^ Plain: `Plain` is no node: put `#[node]` above the function, or write the name of a flow
            Good -> clean,
        }
    }
}

fn main() {}
