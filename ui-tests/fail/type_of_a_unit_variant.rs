//! A unit variant passes the router's input on, which the arm's node does not take.
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
fn polish(draft: Draft) -> String {
    draft.0
}
#[node]
fn decline(_: ()) -> String {
    String::new()
}

flow! {
    support(Draft) -> String {
        triage {
            Good -> polish,
            Bad -> decline,
            //~^ decline: `decline` takes `()`, but gets `Draft`
        }
    }
}

fn main() {}
