//! Arms that drop, that are done, and that go on.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Kind {
    Good(String),
    Long(String),
    Bad,
}

#[router]
fn sort(text: String) -> Kind {
    match text.len() {
        0 => Kind::Bad,
        1..5 => Kind::Good(text),
        _ => Kind::Long(text),
    }
}
#[node]
fn shorten(text: String) -> String {
    text[..4].to_owned()
}
#[node]
fn render(text: String) -> String {
    format!("<{text}>")
}

flow! {
    support(String) -> String {
        sort {
            Good -> done,
            Long -> shorten,
            Bad -> drop,
        } -> render
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call("ab".to_owned()).await.expect("is done"), "ab");
    assert_eq!(app.call("abcdef".to_owned()).await.expect("goes on"), "<abcd>");
    assert!(matches!(app.call(String::new()).await, Err(Stop::Dropped { .. })));
}
