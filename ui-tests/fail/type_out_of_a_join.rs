//! A node that takes the branches in another order than the fork has them.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn length(text: String) -> usize {
    text.len()
}
#[node]
fn upper(text: String) -> String {
    text.to_uppercase()
}
#[node]
fn both((text, length): (String, usize)) -> String {
    format!("{length} {text}")
}

flow! {
    support(String) -> String {
        (length, upper) -> join -> both
        //~^ both: `both` takes `(String, usize)`, but gets `(usize, String)`
    }
}

fn main() {}
