//! A flow without an output, and what mentions it.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}

flow! { inner(String) { clean } }
//~^ inner: the flow's output is missing: write inner(String) -> Answer { … }

flow! { outer(String) -> String { clean -> inner } }

fn main() {
    let _ = outer::flow().start().map(|app| app.call(String::new()));
    let _ = inner::flow().start();
}
