//! A plain function as a flow's last step.
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
        clean -> plain
        //~^ plain: expected type, found function `plain`
    }
}

fn main() {}
