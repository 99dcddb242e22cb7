//! A router that returns an enum with named fields.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Verdict {
    Good { text: String },
    Bad,
}

#[router]
fn triage(text: String) -> Verdict {
//~^ Verdict: variant `Good` has named fields, so a router cannot return `Verdict` | write `Good(Payload)`
    if text.is_empty() { Verdict::Bad } else { Verdict::Good { text } }
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
