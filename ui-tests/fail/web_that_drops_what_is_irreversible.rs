//! A node with an irreversible effect in a stretch that a race may drop.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}
#[node(effect = irreversible)]
async fn send(text: String) -> String {
    text
}
#[node]
async fn check(text: String) -> String {
    text
}
#[node]
async fn log(text: String) -> String {
    text
}
#[node]
fn both((text, _): (String, String)) -> String {
    text
}

flow! {
    // All that `log` may be late for needs `check`, and nothing but the join needs `send`.
    support(String) -> String {
        clean -> (check, send);
        //~^ send: the effect of `send` is irreversible, and `first` drops the branches that are late
        check -> log;
        (check, send) -> join -> both;
        (log, both) -> first
    }
}

flow! {
    // Each branch of the race stands behind `send`.
    behind(String) -> String {
        send -> (check, log);
        check -> clean;
        (check, log) -> join -> both;
        (clean, both) -> first
    }
}

fn main() {}
