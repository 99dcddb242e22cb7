//! Retries keep a clone of the message, which cannot be cloned.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Ticket(String);

#[node(retries = 3)]
fn length(ticket: Ticket) -> Result<usize, std::fmt::Error> {
//~^ Ticket: `Ticket` is not `Clone` | `#[message]` or `#[derive(Clone)]`
    Ok(ticket.0.len())
}

flow! {
    support(Ticket) -> usize {
        length
    }
}

fn main() {}
