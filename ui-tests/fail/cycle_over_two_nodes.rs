//! A node that is reached from itself over another one.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn plan(text: String) -> String {
    text
}
#[node]
fn act(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        plan -> act -> plan
        //~^ plan: `plan` is reached from itself: plan -> act -> plan | `repeat(turns = n) { … }` | `plan as other`
    }
}

fn main() {}
