//! An arm whose node does not take what is in the variant.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
struct Draft(String);
#[message]
enum Verdict {
    Good(Draft),
    Bad,
}

#[router]
fn triage(draft: Draft) -> Verdict {
    if draft.0.is_empty() { Verdict::Bad } else { Verdict::Good(draft) }
}
#[node]
fn polish(text: String) -> String {
    text
}
#[node]
fn decline(_: Draft) -> String {
    String::new()
}

flow! {
    support(Draft) -> String {
        triage {
            Good -> polish,
            //~^ polish: `polish` takes `String`, but gets `Draft`
            Bad -> decline,
        }
    }
}

fn main() {}
