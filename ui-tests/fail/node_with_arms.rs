//! A node that is no router, with arms.
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
        clean {
        //~^ clean: `clean` is no router, so it has no arms | put `#[router]` in the place of `#[node]`
            Good -> search,
            Bad -> drop,
        }
    }
}

fn main() {}
