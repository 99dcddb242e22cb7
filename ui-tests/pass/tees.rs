//! Side branches in every place.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn log(text: String) -> usize {
    text.len()
}

#[node]
fn trim(text: String) -> String {
    text.trim().to_owned()
}

#[node]
fn lower(text: String) -> String {
    text.to_lowercase()
}

#[node]
fn again(text: String) -> Step<String, String> {
    Step::Done(text)
}

#[router]
fn has_text(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

flow! {
    support(String) -> String {
        tee(log) -> trim -> tee(lower -> log, best_effort) -> repeat(turns = 2) { tee(log) -> again }
            -> has_text { Some -> tee(log) -> done, None -> drop }
    }
}

fn main() {
    let _ = support::flow().start();
    let _ = flow! { trim -> tee(log) };
    let _ = flow! { parallel(log, trim -> log as measure) -> join };
    let _ = flow! { trim -> (trim as left -> tee(log), trim as right) -> first };
}
