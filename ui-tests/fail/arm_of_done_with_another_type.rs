//! An arm that leaves the flow with another type than the flow's.
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
fn length(text: String) -> usize {
    text.len()
}

flow! {
    support(String) -> String {
        triage {
            Good -> done,
            Bad -> length -> done,
            //~^ done: the flow `support` ends with `usize`, but its header says `String`
        }
    }
}

fn main() {}
