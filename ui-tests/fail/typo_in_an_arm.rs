//! A typo in an arm.
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
fn search(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        triage {
            Good -> serch,
            //~^ serch: cannot find type `serch` | `search`
            Bad -> search,
        }
    }
}

fn main() {}
