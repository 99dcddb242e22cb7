//! Nodes that take and return a `Message`.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
async fn stamp(m: Message<String>, ctx: &Ctx) -> Message<String> {
    let node = ctx.node();
    m.map(|text| text + "!").with_meta("by", node)
}
#[node]
fn read(m: Message<String>) -> Result<Message<usize>, std::fmt::Error> {
    m.meta().get("by").ok_or(std::fmt::Error)?;
    Ok(m.map(|text| text.len()))
}

flow! { support(String) -> usize { stamp -> read } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call("ab".to_owned()).await.expect("reads"), 3);
    assert_eq!(app.call(Message::new("ab".to_owned()).with_tenant("acme")).await.expect("reads"), 3);
}
