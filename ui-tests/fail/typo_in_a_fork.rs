//! A typo in a branch.
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
    support(String) -> (String, String) {
        (clean, serch) -> join
        //~^ serch: cannot find type `serch` | `search`
    }
}

fn main() {}
