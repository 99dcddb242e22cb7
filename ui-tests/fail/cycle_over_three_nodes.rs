//! A node that is reached from itself over two others.
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
#[node]
fn judge(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        plan -> act -> judge -> plan
        //~^ plan: `plan` is reached from itself: plan -> act -> judge -> plan
    }
}

fn main() {}
