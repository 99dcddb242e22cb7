//! A local variable as a step of a flow without a name.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}

fn main() {
    let search = |text: String| text;
    let _ = search(String::new());
    let _ = flow! { clean -> search };
    //~^ search: can't capture dynamic environment
}
