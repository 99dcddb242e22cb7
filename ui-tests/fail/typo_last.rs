//! A typo in a flow's last step.
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
        clean -> serch
        //~^ serch: cannot find type `serch` | `search`
    }
}

fn main() {}
