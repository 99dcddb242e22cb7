//! The first success, and all outcomes, in a flow and in an expression.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::BranchError;
use penguiflow::prelude::*;

#[node]
fn near(text: String) -> usize {
    text.len()
}

#[node]
fn far(text: String) -> Result<usize, std::num::ParseIntError> {
    text.parse()
}

#[node]
fn both((near, far): (Result<usize, BranchError>, Result<usize, BranchError>)) -> usize {
    near.unwrap_or(0) + far.unwrap_or(0)
}

flow! { support(String) -> usize { (near, far) -> settle -> both } }

fn main() {
    let _ = support::flow().start();
    let _ = flow! { (near, far) -> first };
}
