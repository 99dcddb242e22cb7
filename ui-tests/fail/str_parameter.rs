//! A node that borrows its message.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: &str) -> String {
//~^ &str: `String`
    text.to_owned()
}

flow! {
    support(String) -> String {
        clean
    }
}

fn main() {}
