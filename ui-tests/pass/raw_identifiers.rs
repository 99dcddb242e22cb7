//! Nodes, arms, flows and instances that are called like keywords.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Kind {
    Type(String),
    r#Self_(String),
}

#[node]
fn r#type(text: String) -> String {
    text + "t"
}
#[router]
fn r#match(text: String) -> Kind {
    if text.is_empty() { Kind::Self_(text) } else { Kind::Type(text) }
}

flow! {
    r#loop(String) -> String {
        r#type -> r#match {
            Type -> r#type as r#while,
            Self_ -> r#type as other,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = r#loop::flow().start().expect("starts");
    assert_eq!(app.call("a".to_owned()).await.expect("goes through"), "att");
}
