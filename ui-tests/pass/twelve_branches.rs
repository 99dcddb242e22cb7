//! A join of twelve branches, and the first three of thirteen.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn add(n: usize) -> usize {
    n + 1
}
#[node]
fn sum(all: Vec<usize>) -> usize {
    all.iter().sum()
}
type Twelve = (usize, usize, usize, usize, usize, usize, usize, usize, usize, usize, usize, usize);
#[node]
fn last((.., last): Twelve) -> usize {
    last
}

flow! { all(usize) -> usize { (add, add, add, add, add, add, add, add, add, add, add, add) -> join -> last } }
flow! { some(usize) -> usize { (add, add, add, add, add, add, add, add, add, add, add, add, add) -> join_k(3) -> sum } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(all::flow().start().expect("starts").call(1).await.expect("joins"), 2);
    assert_eq!(some::flow().start().expect("starts").call(1).await.expect("joins"), 6);
}
