//! A plain function as a second instance.
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
        clean -> plain(timeout = "5s") as quick -> clean as again
        //~^ plain: expected type, found function `plain`
    }
}

fn main() {}
