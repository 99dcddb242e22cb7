//! A router that returns an enum of which nothing is known.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[derive(Clone, Debug)]
enum Verdict {
    Good(String),
    Bad,
}

#[router]
fn triage(text: String) -> Verdict {
//~^ Verdict: a router returns an enum with `#[message]`, but `Verdict` is none | put `#[message]` on the enum
    if text.is_empty() { Verdict::Bad } else { Verdict::Good(text) }
}
#[node]
fn search(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        triage {
            Good -> search,
            Bad -> drop,
        }
    }
}

fn main() {}
