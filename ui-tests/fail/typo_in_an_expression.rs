//! A typo in a flow without a name.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn search(text: String) -> String {
    text
}

fn main() {
    let _ = flow! { search -> serch as again };
    //~^ serch: cannot find type `serch` | `search`
}
