//! What comes out of a batch does not fit the next node.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}
#[node]
fn count(texts: Vec<String>) -> Vec<Result<usize, std::io::Error>> {
    texts.iter().map(|text| Ok(text.len())).collect()
}
#[node]
fn show(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        clean -> batch(32, "10ms") -> count -> show
        //~^ show: `show` takes `String`, but gets `usize`
    }
}

fn main() {}
