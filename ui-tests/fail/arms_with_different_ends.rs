//! Arms that go on with different types.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Verdict {
    Good(String),
    Thin(String),
}

#[router]
fn triage(text: String) -> Verdict {
    if text.is_empty() { Verdict::Thin(text) } else { Verdict::Good(text) }
}
#[node]
fn polish(text: String) -> String {
    text
}
#[node]
fn length(text: String) -> usize {
    text.len()
}
#[node]
fn render(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        triage {
            Good -> polish,
            Thin -> length,
            //~^ length: this arm ends with `usize`, but the arms before it end with `String` | add a node to this arm that returns `String`, or end it with `drop`
        } -> render
    }
}

fn main() {}
