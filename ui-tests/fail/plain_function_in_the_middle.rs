//! A plain function between two nodes.
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
    support(String) -> String {
        clean -> plain -> clean as again
        //~^ plain: expected type, found function `plain`
    }
}

fn main() {}
