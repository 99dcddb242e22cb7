//! An arm for a variant that the enum does not have.
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

flow! {
    support(String) -> String {
        triage {
            Good -> polish,
            Thin -> drop,
            Refused -> drop,
            //~^ Refused: `Verdict` has no variant `Refused`: it has `Good` and `Thin`
        }
    }
}

fn main() {}
