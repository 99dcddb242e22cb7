//! Flows without a name, in closures, arguments, constants of a struct and loops.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

use std::future::Future;

#[node]
fn add(n: usize) -> usize {
    n + 1
}
#[node]
fn double(n: usize) -> usize {
    n * 2
}

async fn run<F: Future<Output = usize>>(answer: impl Fn(usize) -> F) -> usize {
    answer(1).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let make = || flow! { add -> double };
    let app = make().start().expect("starts");
    let total = run(|n| {
        let app = &app;
        async move { app.call(n).await.unwrap_or(0) }
    });
    assert_eq!(total.await, 4);
    for n in 0..3 {
        let app = flow! { (add, double) -> join }.start().expect("starts");
        assert_eq!(app.call(n).await.expect("computes"), (n + 1, n * 2));
    }
    let nested = [flow! { add }.start().expect("starts").call(1).await, flow! { double }.start().expect("starts").call(1).await];
    assert!(nested.into_iter().all(|answer| answer.is_ok_and(|n| n == 2)));
}
