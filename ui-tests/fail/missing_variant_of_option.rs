//! `Option` routes, too, and needs both arms.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[router]
fn find(text: String) -> Option<usize> {
    text.find('x')
}
#[node]
fn found(at: usize) -> String {
    at.to_string()
}

flow! {
    support(String) -> String {
        find {
        //~^ find: `find` can return `Option::None`, which has no arm
            Some -> found,
        }
    }
}

fn main() {}
