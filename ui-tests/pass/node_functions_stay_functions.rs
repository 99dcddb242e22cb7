//! A node is still a function, for tests and for other functions.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
async fn clean(text: String) -> String {
    trim(text)
}
#[node]
fn trim(text: String) -> String {
    text.trim().to_owned()
}
#[router]
fn is_short(text: &str_only::Text) -> bool {
    text.0.len() < 3
}

mod str_only {
    pub(crate) struct Text(pub(crate) String);
}

flow! { support(String) -> String { clean -> trim } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(clean(" a ".to_owned()).await, "a");
    assert_eq!(Some(" b ".to_owned()).map(trim).as_deref(), Some("b"));
    assert!(is_short(&str_only::Text("ab".to_owned())));
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call(" c ".to_owned()).await.expect("trims"), "c");
}
