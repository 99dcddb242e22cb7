//! Arms, nodes, variants and flows that a `cfg` takes out.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Kind {
    Known(String),
    #[cfg(any())]
    Never(Missing),
    #[cfg(all())]
    Always(String),
    Unknown,
}

#[router]
fn sort(text: String) -> Kind {
    match text.len() {
        0 => Kind::Unknown,
        1 => Kind::Always(text),
        _ => Kind::Known(text),
    }
}
#[node]
fn length(text: String) -> usize {
    text.len()
}
#[cfg(any())]
#[node]
fn never(missing: Missing) -> usize {
    missing.0
}
#[cfg(all())]
#[node]
fn always(text: String) -> usize {
    text.len() + 100
}

flow! {
    support(String) -> usize {
        sort {
            Known -> length,
            #[cfg(any())]
            Never -> never,
            #[cfg(all())]
            Always -> always,
            Unknown -> length,
        }
    }
}

flow! {
    #[cfg(any())]
    gone(Missing) -> Missing { never }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call("a".to_owned()).await.expect("is there"), 101);
    assert_eq!(app.call("ab".to_owned()).await.expect("is known"), 2);
    assert_eq!(app.call(String::new()).await.expect("is unknown"), 0);
}
