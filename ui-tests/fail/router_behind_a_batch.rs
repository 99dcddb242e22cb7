//! A router with arms behind a batch.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}
#[router]
fn any(texts: Vec<String>) -> Option<String> {
    texts.into_iter().next()
}
#[node]
fn count(text: String) -> usize {
    text.len()
}

flow! {
    support(String) -> usize {
        clean -> batch(32, "10ms") -> any { Some -> count, None -> drop }
        //~^ { Some -> count, None -> drop }: a router with arms chooses for one message, and takes no batch: put a node before it
    }
}

fn main() {}
