//! A node with a mistake of its own turns nothing else red.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node(retrys = 3)]
//~^ retrys: `retrys` is no argument here: write `retries = 3`
fn clean(text: String) -> String {
    text
}
#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! { inner(String) -> usize { (clean, clean as other) -> join_k(1) -> map(clean as third, 2) -> count } }
flow! { outer(String) -> usize { inner } }

#[node]
fn count(texts: Vec<String>) -> usize {
    texts.len()
}

fn main() {
    let _ = flow! { clean -> length }.start();
    let _ = outer::flow().start();
}
