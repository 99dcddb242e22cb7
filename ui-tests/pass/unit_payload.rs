//! Nothing is a message, too.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
async fn begin(_: ()) {}
#[node]
fn count(_: ()) -> usize {
    1
}
#[node]
fn end(_: usize) {}

flow! { support(()) -> () { begin -> count -> end } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    app.call(()).await.expect("runs");
}
