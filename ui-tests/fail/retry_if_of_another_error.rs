//! A `retry_if` that asks another error.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

fn is_worth_it(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::TimedOut
}

#[node(retries = 3, retry_if = is_worth_it)]
//~^ is_worth_it: expected function signature `for<'a> fn(&'a std::fmt::Error) -> _` | found function signature `fn(&std::io::Error) -> _`
fn length(text: String) -> Result<usize, std::fmt::Error> {
    Ok(text.len())
}

flow! {
    support(String) -> usize {
        length
    }
}

fn main() {}
