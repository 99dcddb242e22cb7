//! An arm whose variant is misspelt.
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
            Goood -> polish,
            //~^ Goood: `Verdict` has no variant `Goood`: write `Good`
            Thin -> drop,
        }
    }
}

fn main() {}
