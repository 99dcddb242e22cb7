//! A node whose output has no name.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> impl Into<String> {
//~^ impl: `impl Trait` is no message | write the type out, or box it
    text
}

flow! {
    support(String) -> String {
        clean
    }
}

fn main() {}
