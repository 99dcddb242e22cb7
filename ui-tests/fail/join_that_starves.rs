//! A join that waits for a branch which always drops.
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

flow! {
    support(String) -> (String, String) {
        (upper, triage { Good -> drop, Bad -> drop }) -> join
        //~^ triage: `join` never fires: every arm of `triage` leaves this branch by `drop`
    }
}

fn main() {}
