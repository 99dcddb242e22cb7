//! A router that may return a variant without an arm.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
struct Draft(String);
#[message]
enum Verdict {
    Good(Draft),
    Thin(Draft),
    Bad,
}

#[router]
fn triage(draft: Draft) -> Verdict {
    match draft.0.len() {
        0 => Verdict::Bad,
        1 => Verdict::Thin(draft),
        _ => Verdict::Good(draft),
    }
}
#[node]
fn polish(draft: Draft) -> String {
    draft.0
}

flow! {
    support(Draft) -> String {
        triage {
        //~^ triage: `triage` can return `Verdict::Thin`, which has no arm | write `Thin -> …`
            Good -> polish,
            Bad -> drop,
        }
    }
}

fn main() {}
