//! A node that two chains go on from, whose message cannot be cloned.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Ticket(String);

#[node]
fn open(text: String) -> Ticket {
    Ticket(text)
}
#[node]
fn length(ticket: Ticket) -> usize {
    ticket.0.len()
}
#[node]
fn upper(ticket: Ticket) -> String {
    ticket.0.to_uppercase()
}

flow! {
    support(String) -> (usize, String) {
        open -> length;
        //~^ open: a fork gives each branch a clone, but `Ticket` is not `Clone` | put `#[message]` or `#[derive(Clone)]` on `Ticket`, or wrap it in `Arc`
        open -> upper;
        (length, upper) -> join
    }
}

fn main() {}
