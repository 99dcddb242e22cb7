//! Maps over collections, of nodes and of flows, in forks and arms.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

use std::collections::BTreeSet;

#[node]
fn words(text: String) -> BTreeSet<String> {
    text.split(' ').map(str::to_owned).collect()
}
#[node]
async fn length(word: String) -> usize {
    word.len()
}
#[node]
fn both((lengths, others): (Vec<usize>, Vec<usize>)) -> usize {
    lengths.into_iter().chain(others).sum()
}

flow! { inner(String) -> usize { length } }
flow! { support(String) -> usize { words -> (map(length, 8), map(inner, 2, limit = 10)) -> join -> both } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call("a bc def".to_owned()).await.expect("sums"), 12);
}
