//! A plain function with arms.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Verdict {
    Good(String),
    Bad,
}

fn plain(text: String) -> Verdict {
    if text.is_empty() { Verdict::Bad } else { Verdict::Good(text) }
}
#[node]
fn clean(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        plain {
        //~^ plain: expected type, found function `plain`
            Good -> clean,
            Bad -> drop,
        }
    }
}

fn main() {}
