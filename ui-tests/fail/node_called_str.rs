//! A node that is called like a primitive type.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn str(text: String) -> String {
//~^ str: name the function otherwise, like `str_node`
    text
}

flow! {
    support(String) -> String {
        str
    }
}

fn main() {}
