//! Flows whose longest run meets the deadline, in every form.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;
use std::time::Duration;

#[node(timeout = "1s", retries = 1, backoff = ("1s", 1.0))]
async fn search(question: String) -> std::io::Result<String> {
    Ok(question)
}
#[node]
fn words(text: String) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}
#[node]
fn glued(words: Vec<String>) -> String {
    words.join(" ")
}
#[node]
fn both((a, b): (String, String)) -> String {
    a + &b
}
#[router]
fn is_long(text: String) -> bool {
    text.len() > 10
}
#[node(timeout = "1s")]
async fn judge(text: String) -> Step<String, String> {
    Step::Done(text)
}
/// Only the deadline of its flow bounds it.
#[node]
async fn wait(text: String) -> String {
    text
}

flow! { bounded(String) -> String { budget { deadline: "2s" } wait } }
flow! {
    support(String) -> String {
        budget { deadline: "20s", prove }
        bounded -> (search, search as other -> tee(bounded as beside)) -> join -> both
            -> is_long { true -> words -> map(search as each, 2, limit = 4) -> glued, #[cfg(any())] maybe -> wait, false -> drop }
            -> repeat(turns = 2) { judge }
    }
}
flow! { woven(String) -> String { budget { prove, deadline: "3s" } search -> (glued_words, both_of); (glued_words, both_of) -> first } }
flow! { glued_words(String) -> String { words -> glued } }
flow! { both_of(String) -> String { (glued_words, glued_words as other) -> join -> both } }

fn main() {
    let bound = support::flow().bound();
    assert_eq!(bound.time, Some(Duration::from_secs(2 + 3 + 2 + 2 * 3 + 2)));
    let proved = flow! { budget { deadline: "3s", prove } search }.bound();
    assert_eq!(proved.time, Some(Duration::from_secs(3)));
}
