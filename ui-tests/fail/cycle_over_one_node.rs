//! A node that follows itself.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn plan(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        plan -> plan
        //~^ plan: `plan` is reached from itself: plan -> plan | `plan as other`
    }
}

fn main() {}
