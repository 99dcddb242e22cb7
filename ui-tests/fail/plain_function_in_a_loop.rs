//! A plain function as a loop's last step.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

fn plain(text: String) -> Step<String, String> {
    Step::Done(text)
}
#[node]
fn clean(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        repeat(turns = 8) { clean -> plain }
        //~^ plain: expected type, found function `plain`
    }
}

fn main() {}
