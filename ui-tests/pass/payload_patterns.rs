//! Patterns in the place of the message.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
struct Point {
    x: i64,
    y: i64,
}

#[node]
fn split(Point { x, y: mut height }: Point) -> (i64, [i64; 2]) {
    height += 1;
    (x, [height, height])
}
#[node]
async fn sum((x, [a, b]): (i64, [i64; 2])) -> i64 {
    x + a + b
}
#[node]
fn add(mut n: i64) -> i64 {
    n += 1;
    n
}

flow! { support(Point) -> i64 { split -> sum -> add } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call(Point { x: 1, y: 2 }).await.expect("sums"), 8);
}
