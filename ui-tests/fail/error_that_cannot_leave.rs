//! An error type of which nothing can be told.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Sad;

#[node]
fn length(text: String) -> Result<usize, Sad> {
//~^ Result: `Sad` cannot leave a node as an error | implement `std::error::Error` for `Sad`
    if text.is_empty() { Err(Sad) } else { Ok(text.len()) }
}

flow! {
    support(String) -> usize {
        length
    }
}

fn main() {}
