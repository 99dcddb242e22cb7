//! A node that returns `anyhow::Result`.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node(retries = 2)]
async fn parse(text: String) -> anyhow::Result<usize> {
    anyhow::ensure!(!text.is_empty(), "nothing to parse");
    Ok(text.parse()?)
}
#[node]
fn double(n: usize) -> usize {
    n * 2
}

flow! { support(String) -> usize { parse -> double } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call("21".to_owned()).await.expect("parses"), 42);
    assert!(app.call(String::new()).await.is_err());
}
