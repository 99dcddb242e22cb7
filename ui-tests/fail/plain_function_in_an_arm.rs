//! A plain function in an arm.
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
fn plain(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        triage {
            Good -> plain,
            //~^ plain: expected type, found function `plain`
            Bad -> drop,
        }
    }
}

fn main() {}
