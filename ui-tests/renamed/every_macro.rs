//! Every macro for a user who knows the crate as `arctic`.
#![deny(warnings, missing_docs, unreachable_pub)]

use arctic::prelude::*;
use arctic::{Validate, Violations};

#[message(crate = arctic)]
struct Question {
    text: String,
}
#[message(crate = arctic)]
enum Verdict {
    Good(Question),
    Bad,
}
#[derive(Provides)]
#[provides(crate = arctic)]
struct App {
    words: Vec<String>,
}

impl Validate for Question {
    fn validate(&self) -> Result<(), Violations> {
        Ok(())
    }
}

fn is_transient(_: &std::fmt::Error) -> bool {
    false
}

#[node(crate = arctic, retries = 1, retry_if = is_transient, timeout = "2s", validate = both, concurrency = 2)]
async fn clean(q: Question, ctx: &Ctx, State(words): State<'_, Vec<String>>) -> Result<Question, std::fmt::Error> {
    assert_eq!((ctx.node(), words.len()), ("clean", 1));
    Ok(Question { text: q.text.trim().to_owned() })
}
#[node(crate = arctic, effect = pure)]
fn length(m: Message<Question>) -> Message<usize> {
    m.map(|q| q.text.len())
}
#[node(crate = arctic)]
fn sum(lengths: Vec<usize>) -> usize {
    lengths.iter().sum()
}
#[node(crate = arctic)]
fn add((a, b): (usize, usize)) -> usize {
    a + b
}
#[node(crate = arctic)]
fn judge(n: usize) -> Step<usize, usize> {
    if n > 9 { Step::Done(n) } else { Step::Again(n + 1) }
}
#[router(crate = arctic)]
fn triage(q: Question) -> Verdict {
    if q.text.is_empty() { Verdict::Bad } else { Verdict::Good(q) }
}
#[controller(crate = arctic, turns = 9)]
fn halve(n: usize) -> Step<usize, usize> {
    if n > 5 { Step::Again(n / 2) } else { Step::Done(n) }
}
#[node(crate = arctic)]
fn both(n: usize) -> Vec<usize> {
    vec![n, n]
}
#[node(crate = arctic)]
fn number(n: usize) -> usize {
    n
}

flow! {
    crate = arctic;
    /// Everything that a flow may hold.
    pub support(Question) -> usize {
        clean -> triage {
            Good -> (length, length(timeout = "1s", retries = 1) as other) -> join -> add,
            Bad -> drop,
        }
            -> halve
            -> repeat(turns = 20) { judge }
            -> both
            -> map(number, 2)
            -> sum
    }
}
flow! { crate = arctic; outer(Question) -> usize { support -> (number, number as other) -> join_k(1) -> sum } }

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let state = || App { words: vec!["penguin".to_owned()] };
        let question = || Question { text: " ab ".to_owned() };
        let app = outer::flow().with_state(state()).start().expect("starts");
        assert_eq!(app.call(question()).await.expect("sums"), 20);
        let app = flow! { crate = arctic; clean -> length }.with_state(state()).start().expect("starts");
        assert_eq!(app.call(question()).await.expect("counts"), 2);
    });
}
