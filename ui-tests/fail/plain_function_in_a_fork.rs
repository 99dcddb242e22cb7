//! A plain function in a branch.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

fn plain(text: String) -> String {
    text
}
#[node]
fn clean(text: String) -> String {
    text
}

flow! {
    support(String) -> (String, String) {
        (clean, plain) -> join
        //~^ plain: expected type, found function `plain`
    }
}

fn main() {}
