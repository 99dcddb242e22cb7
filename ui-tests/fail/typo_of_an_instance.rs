//! A typo in the node of a second instance.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn search(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        search -> serch(timeout = "5s") as quick
        //~^ serch: cannot find type `serch` | `search`
    }
}

fn main() {}
