//! A proof without what it would prove.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
async fn clean(question: String) -> String {
    question
}

flow! {
    support(String) -> String {
        budget { hops: 64, prove }
        //~^ prove: `prove` proves the deadline | write `deadline: "30s", prove`
        clean
    }
}

fn main() {}
