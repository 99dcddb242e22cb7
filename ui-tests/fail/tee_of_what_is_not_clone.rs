//! A side branch for a message that cannot be cloned.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Draft(String);

#[node]
fn write(text: String) -> Draft {
    Draft(text)
}

#[node]
fn log(draft: Draft) -> usize {
    draft.0.len()
}

#[node]
fn send(draft: Draft) -> String {
    draft.0
}

flow! {
    support(String) -> String {
        write -> tee(log) -> send
        //~^ tee: a fork gives each branch a clone, but `Draft` is not `Clone` | `#[derive(Clone)]`
    }
}

fn main() {}
