//! An alias of `Result`, which the node says itself.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

type Answer<T> = Result<T, std::fmt::Error>;

#[node(fallible, retries = 1)]
fn length(text: String) -> Answer<usize> {
    if text.is_empty() { Err(std::fmt::Error) } else { Ok(text.len()) }
}

flow! { support(String) -> usize { length } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call("ab".to_owned()).await.expect("counts"), 2);
    assert!(app.call(String::new()).await.is_err());
}
