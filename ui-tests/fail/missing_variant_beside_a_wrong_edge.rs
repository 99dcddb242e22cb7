//! A missing variant hides no wrong edge elsewhere.
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
#[node]
fn polish(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        length
            -> polish
            //~^ polish: `polish` takes `String`, but gets `usize`
            -> triage {
            //~^ triage: `triage` can return `Verdict::Bad`, which has no arm: write `Bad -> …`
                Good -> polish as again,
            }
    }
}

fn main() {}
