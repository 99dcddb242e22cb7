//! Results of libraries, by their own path or another one.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

use std::io;

#[node]
fn length(text: String) -> io::Result<usize> {
    if text.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(text.len()) }
}
#[node]
fn nothing(n: usize) -> std::fmt::Result {
    if n > 2 { Err(std::fmt::Error) } else { Ok(()) }
}
#[node]
fn finish(_: ()) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    Ok("done".to_owned())
}

flow! { support(String) -> String { length -> nothing -> self::finish } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call("ab".to_owned()).await.expect("is done"), "done");
    assert!(app.call("abc".to_owned()).await.is_err());
    assert!(app.call(String::new()).await.is_err());
}
