//! Enums that everybody knows route without `#[message]`.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[router]
fn find(text: String) -> Option<usize> {
    text.find('x')
}
#[router]
fn is_far(at: &usize) -> bool {
    *at > 2
}
#[node]
fn shout(at: usize) -> String {
    format!("{at}!")
}
#[node]
fn say(at: usize) -> String {
    at.to_string()
}
#[node]
fn nowhere(text: String) -> String {
    format!("no x in {text}")
}

flow! {
    support(String) -> String {
        find {
            Some -> is_far {
                true -> shout,
                false -> say,
            },
            None -> nowhere,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call("abcx".to_owned()).await.expect("is far"), "3!");
    assert_eq!(app.call("ax".to_owned()).await.expect("is near"), "1");
    assert_eq!(app.call("abc".to_owned()).await.expect("is nowhere"), "no x in abc");
}
