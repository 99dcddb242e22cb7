//! A node with a type parameter.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean<T>(value: T) -> T {
//~^ T: a node has no generics | write the types out
    value
}

flow! {
    support(String) -> String {
        clean
    }
}

fn main() {}
