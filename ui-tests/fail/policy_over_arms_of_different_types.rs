//! A policy that may take another arm, at a router whose arms take different types.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::MapPolicy;
use penguiflow::prelude::*;

#[message]
enum Verdict {
    Good(String),
    Thin(usize),
    Refuse,
}

#[router]
fn triage(text: String) -> Verdict {
    match text.len() {
        0 => Verdict::Refuse,
        1..4 => Verdict::Thin(text.len()),
        _ => Verdict::Good(text),
    }
}
#[node]
fn polish(text: String) -> String {
    text
}
#[node]
fn ask(letters: usize) -> String {
    letters.to_string()
}
#[node]
fn decline(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        triage with MapPolicy {
            Good -> polish,
            Thin -> ask,
            //~^ Thin: the policy may take another arm, but this one takes `usize` and an arm before it takes `String` | a policy that answers `Reroute` stands where all arms take one type; one that answers `KeepOrDrop` stands anywhere
            Refuse -> decline,
        }
    }
}

fn main() {}
