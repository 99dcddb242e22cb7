//! A node that takes nothing.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean() -> String {
//~^ clean: `clean` takes no message: write `fn clean(input: In)` | `_: ()` takes nothing at all
    String::new()
}

flow! {
    support(String) -> String {
        clean
    }
}

fn main() {}
