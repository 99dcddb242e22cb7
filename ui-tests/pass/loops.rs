//! Loops of several nodes, with and without another way out, and a controller.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn plan(n: u32) -> u32 {
    n + 1
}
#[node]
fn judge(n: u32) -> Step<u32, String> {
    if n > 9 { Step::Done(format!("done at {n}")) } else { Step::Again(n) }
}
#[node]
fn give_up(n: u32) -> String {
    format!("gave up at {n}")
}
#[controller(turns = 20)]
async fn halve(n: u32) -> Step<u32, u32> {
    if n > 1 { Step::Again(n / 2) } else { Step::Done(n) }
}

flow! { short(u32) -> String { repeat(turns = 3) { plan -> judge } else give_up } }
flow! { long(u32) -> String { halve -> repeat(turns = 20) { plan -> judge } } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(short::flow().start().expect("starts").call(0).await.expect("ends"), "gave up at 3");
    assert_eq!(long::flow().start().expect("starts").call(100).await.expect("ends"), "done at 10");
}
