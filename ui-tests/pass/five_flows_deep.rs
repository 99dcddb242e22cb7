//! Flows nested five deep, with a state at the bottom.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Index(usize);
#[derive(Provides)]
struct App {
    index: Index,
}

#[node]
async fn add(n: usize, State(index): State<'_, Index>) -> usize {
    n + index.0
}

flow! { one(usize) -> usize { add } }
flow! { two(usize) -> usize { one -> one as again } }
flow! { three(usize) -> usize { two -> two as again } }
flow! { four(usize) -> usize { three -> three as again } }
flow! { five(usize) -> usize { four -> four as again } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = five::flow().with_state(App { index: Index(1) }).start().expect("starts");
    assert_eq!(app.call(0).await.expect("adds"), 16);
}
