//! A flow whose longest run misses the deadline that it proves.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node(timeout = "2s")]
async fn clean(question: String) -> String {
    question
}
#[node(timeout = "2s", retries = 2, backoff = ("500ms", 2.0))]
async fn search(question: String) -> std::io::Result<String> {
    Ok(question)
}
#[controller(turns = 8, timeout = "4s")]
async fn refine(notes: String) -> Step<String, String> {
    Step::Done(notes)
}

flow! {
    support(String) -> String {
        budget { hops: 64, deadline: "30s", prove }
        //~^ prove: `support` can take 41.5 s | its deadline is 30 s | search 3 × 2 s + 1.5 s of backoff | refine 8 × 4 s
        clean -> search -> refine
    }
}

fn main() {}
