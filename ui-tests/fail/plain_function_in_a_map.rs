//! A plain function as a map's worker.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

fn plain(text: String) -> String {
    text
}
#[node]
fn words(text: String) -> Vec<String> {
    vec![text]
}

flow! {
    support(String) -> Vec<String> {
        words -> map(plain, 8)
        //~^ plain: expected type, found function `plain`
    }
}

fn main() {}
