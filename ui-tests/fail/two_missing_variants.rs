//! A router that may return two variants without an arm.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Verdict {
    Good(String),
    Thin(String),
    Long(String),
    Bad,
}

#[router]
fn triage(text: String) -> Verdict {
    match text.len() {
        0 => Verdict::Bad,
        1 => Verdict::Thin(text),
        2..9 => Verdict::Good(text),
        _ => Verdict::Long(text),
    }
}
#[node]
fn polish(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        triage {
        //~^ triage: `triage` can return `Verdict::Thin` and `Verdict::Long`, which have no arm: write `Thin -> …, Long -> …`
            Good -> polish,
            Bad -> drop,
        }
    }
}

fn main() {}
