//! A typo in a flow's first step.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}
#[node]
fn search(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        claen -> search
        //~^ claen: cannot find type `claen` | `clean`
    }
}

fn main() {}
