//! Queues, channels and batches, wherever they may stand.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Way {
    Long(String),
    Short,
}

#[node]
fn clean(text: String) -> String {
    text
}
#[node]
fn words(text: String) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}
#[node]
fn embed(texts: Vec<String>) -> Vec<Result<usize, std::io::Error>> {
    texts.iter().map(|text| Ok(text.len())).collect()
}
#[node]
fn count(texts: Vec<String>) -> std::io::Result<Vec<usize>> {
    Ok(texts.iter().map(String::len).collect())
}
#[node]
fn sum(lengths: Vec<usize>) -> usize {
    lengths.iter().sum()
}
#[node]
fn add((one, other): (usize, usize)) -> usize {
    one + other
}
#[node]
fn halve(n: usize) -> Step<usize, usize> {
    if n > 1 { Step::Again(n / 2) } else { Step::Done(n) }
}
#[router]
fn by_length(text: String) -> Way {
    if text.len() > 8 { Way::Long(text) } else { Way::Short }
}
#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! { one(String) -> usize { batch(8, "5ms") -> embed } }

flow! {
    /// All of them.
    pub support(String) -> usize {
        channels(64)
        queue(8, workers = 2) -> clean -> by_length {
            Long -> queue(16) -> words -> map(one, 4) -> sum,
            #[cfg(all())]
            Short -> (queue(1) -> length, batch(32, "10ms") -> count(timeout = "1s") as quick) -> join -> add,
        } -> repeat(turns = 8) { queue(4) -> halve }
    }
}

fn main() {
    let _ = support::flow();
    let _ = flow! { queue(4) -> by_length as again { Long -> length, Short -> length as brief } -> repeat(turns = 2) { queue(2) -> halve } };
    let _ = flow! { batch(4, "1us") -> embed -> repeat(turns = 2) { queue(3, workers = 3) -> halve } };
    let _ = flow! { clean -> batch(4, "1us") -> embed };
}
