//! A `Result` under another name.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

type Answer<T> = Result<T, std::fmt::Error>;

#[node]
fn length(text: String) -> Answer<usize> {
    Ok(text.len())
}
#[node]
fn double(n: usize) -> usize {
    n * 2
}

flow! {
    support(String) -> usize {
        length -> double
        //~^ double: `double` takes `usize`, but gets `Result<usize, std::fmt::Error>` | unless the node that returns it says `#[node(fallible)]`
    }
}

fn main() {}
