//! A variant with two arms.
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
fn polish(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        triage {
            Good -> polish,
            Bad -> drop,
            Good -> polish,
            //~^ Good: `Good` has an arm already: a variant leads one way
        }
    }
}

fn main() {}
