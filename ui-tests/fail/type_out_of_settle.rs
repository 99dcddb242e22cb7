//! A node behind `settle` that takes the bare values.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn near(text: String) -> usize {
    text.len()
}

#[node]
fn far(text: String) -> String {
    text
}

#[node]
fn both((n, text): (usize, String)) -> String {
    format!("{n} {text}")
}

flow! {
    support(String) -> String {
        (near, far) -> settle -> both
        //~^ both: `both` takes `(usize, String)`, but gets `(Result<usize, BranchError>, Result<String, BranchError>)`
    }
}

fn main() {}
