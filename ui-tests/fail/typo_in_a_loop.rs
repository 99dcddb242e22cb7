//! A typo in a loop's last step.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn judge(text: String) -> Step<String, String> {
    Step::Done(text)
}

flow! {
    support(String) -> String {
        repeat(turns = 8) { jugde }
        //~^ jugde: cannot find type `jugde` | `judge`
    }
}

fn main() {}
