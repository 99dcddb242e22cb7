//! Every argument of a node at once.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

use std::sync::Arc;

fn is_transient(_: &std::fmt::Error) -> bool {
    true
}

#[node(
    retries = 3,
    backoff = ("1ms", 2.0, "5ms"),
    jitter = none,
    retry_if = is_transient,
    timeout = "2s",
    concurrency = 16,
    rate = "1000/s",
    effect = idempotent,
    name = "look-up"
)]
async fn search(text: String) -> Result<usize, std::fmt::Error> {
    Ok(text.len())
}
#[node(blocking)]
fn crunch(n: usize, State(base): State<'_, Arc<usize>>) -> usize {
    n + **base
}
#[node(boxed, effect = irreversible, on_cancel = finish("5s"))]
async fn pay(n: usize) -> usize {
    n
}

#[derive(Provides)]
struct App {
    base: Arc<usize>,
}

flow! { support(String) -> usize { search -> search_more -> crunch -> pay } }

#[node]
fn search_more(n: usize) -> usize {
    n
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().with_state(App { base: Arc::new(40) }).start().expect("starts");
    assert_eq!(app.call("ab".to_owned()).await.expect("pays"), 42);
}
