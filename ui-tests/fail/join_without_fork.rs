//! A join without a fork before it.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn upper(text: String) -> String {
    text.to_uppercase()
}
#[node]
fn render(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        upper -> join -> render
        //~^ join: `join` needs a fork before it: write `(b, c) -> join`
    }
}

fn main() {}
