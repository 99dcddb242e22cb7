//! Two flows of one module share their nodes.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text.trim().to_owned()
}
#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! { one(String) -> usize { clean -> length } }
flow! { other(String) -> usize { clean -> clean as again -> length } }
flow! { third(String) -> (usize, usize) { clean -> (length, length) -> join } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let text = || " ab ".to_owned();
    assert_eq!(one::flow().start().expect("starts").call(text()).await.expect("counts"), 2);
    assert_eq!(other::flow().start().expect("starts").call(text()).await.expect("counts"), 2);
    assert_eq!(third::flow().start().expect("starts").call(text()).await.expect("counts"), (2, 2));
}
