//! Three wrong edges in one flow are three errors.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn number(text: String) -> usize {
    text.len()
}
#[node]
fn text(text: String) -> String {
    text
}
#[node]
fn flag(flag: bool) -> bool {
    flag
}

flow! {
    support(String) -> String {
        number
            -> text
            //~^ text: `text` takes `String`, but gets `usize`
            -> number as again
            -> flag
            //~^ flag: `flag` takes `bool`, but gets `usize`
            -> text as last
            //~^ text: `text` takes `String`, but gets `bool`
    }
}

fn main() {}
