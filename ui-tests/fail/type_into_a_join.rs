//! A branch whose last step does not take what comes before it.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn length(text: String) -> usize {
    text.len()
}
#[node]
fn upper(text: String) -> String {
    text.to_uppercase()
}
#[node]
fn both((text, length): (String, usize)) -> String {
    format!("{length} {text}")
}

flow! {
    support(String) -> String {
        (
            length -> upper,
            //~^ upper: `upper` takes `String`, but gets `usize`
            length as other,
        ) -> join -> both
    }
}

fn main() {}
