//! A typo in a map's worker.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn search(text: String) -> String {
    text
}

flow! {
    support(Vec<String>) -> Vec<String> {
        map(serch, 8)
        //~^ serch: cannot find type `serch` | `search`
    }
}

fn main() {}
