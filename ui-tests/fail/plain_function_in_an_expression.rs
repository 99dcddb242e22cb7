//! A plain function in a flow without a name.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

fn plain(text: String) -> String {
    text
}
#[node]
fn clean(text: String) -> String {
    text
}

fn main() {
    let _ = flow! { clean -> plain };
    //~^ plain: expected type, found function `plain`
}
