//! A typo between two nodes.
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
        clean -> serch -> clean as again
        //~^ serch: cannot find type `serch` | `search`
    }
}

fn main() {}
