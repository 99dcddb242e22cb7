//! A step that no message can reach.
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
fn render(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        triage {
            Good -> drop,
            Bad -> drop,
        } -> render
        //~^ render: `render` never runs: every arm of `triage` leaves the flow by `drop` or `done` | let one arm go on, or remove it
    }
}

fn main() {}
