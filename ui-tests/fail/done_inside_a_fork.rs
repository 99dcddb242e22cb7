//! An arm that wants to leave the flow while other branches run.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Verdict {
    Good(String),
    Bad,
}

#[router]
fn triage(text: String) -> Verdict {
    if text.is_empty() { Verdict::Bad } else { Verdict::Good(text) }
}
#[node]
fn upper(text: String) -> String {
    text.to_uppercase()
}
#[node]
fn render((a, b): (String, String)) -> String {
    a + &b
}

flow! {
    support(String) -> String {
        (upper, triage { Good -> done, Bad -> upper as again }) -> join -> render
        //~^ done: `done` cannot leave a fork
    }
}

fn main() {}
