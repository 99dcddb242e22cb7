//! A router that returns an enum with a type parameter.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Verdict<T> {
    Good(T),
    Bad,
}

#[router]
fn triage(text: String) -> Verdict<String> {
//~^ Verdict: `Verdict` has generics, so a router cannot return it
    if text.is_empty() { Verdict::Bad } else { Verdict::Good(text) }
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
