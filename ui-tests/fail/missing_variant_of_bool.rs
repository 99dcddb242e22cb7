//! `bool` routes, too, and needs both arms.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[router]
fn is_short(text: String) -> bool {
    text.len() < 10
}
#[node]
fn polish(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        is_short {
        //~^ is_short: `is_short` can return `bool::false`, which has no arm: write `false -> …`
            true -> polish,
        }
    }
}

fn main() {}
