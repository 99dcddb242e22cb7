//! Nodes that are called like crates of the package.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn log(text: String) -> String {
    ::log::debug!("{text}");
    text
}
#[node]
fn serde(text: String) -> String {
    text
}
#[node]
fn anyhow(text: String) -> ::anyhow::Result<String> {
    Ok(text)
}
#[node]
fn std(text: String) -> String {
    text
}
#[node]
fn core(text: String) -> String {
    text
}

flow! { support(String) -> String { log -> serde -> anyhow -> std -> core } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call("a".to_owned()).await.expect("goes through"), "a");
    let app = flow! { log -> (serde, core) -> join }.start().expect("starts");
    assert_eq!(app.call("a".to_owned()).await.expect("goes through"), ("a".to_owned(), "a".to_owned()));
}
