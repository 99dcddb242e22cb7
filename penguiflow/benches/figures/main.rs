//! Prints the figures that this project promises, each with its target, its limit and what hand-written tokio code takes
//! for the same work in the same run. `-- --quick` runs a few short rounds. Never fails because of a time.
//!
//! Its own harness: one table of medians over interleaved rounds, which a harness that measures one function after the
//! other and prints each by itself does not give.
#![allow(missing_docs, unreachable_pub, clippy::print_stdout, reason = "a program, whose output is its purpose")]

mod budgets;
mod by_hand;
mod chains;
mod channels;
mod flows;
mod grid;
mod heap;
mod measure;
mod observers;
mod queues;
mod space;
mod speed;
mod table;

use flows::P;
use measure::{Effort, Lab};
use std::hint::black_box;
use std::rc::Rc;

fn main() {
    let quick = std::env::args().any(|arg| arg == "--quick");
    let effort = if quick { Effort::QUICK } else { Effort::FULL };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let runtime = Rc::new(runtime);
    let mut lab = Lab::new(effort);
    let works = speed::works(&mut lab, &runtime);
    let queues = queues::works(&mut lab, &runtime);
    let budgets = budgets::works(&mut lab, &runtime);
    let observers = observers::works(&mut lab, &runtime);
    let chains = chains::works(&mut lab, &runtime);
    lab.run();
    let mut rows = space::allocation_rows(&runtime);
    rows.extend(speed::rows(&lab, &works));
    rows.extend(queues::rows(&lab, &queues));
    rows.extend(budgets::rows(&lab, &budgets));
    rows.extend(observers::rows(&lab, &observers));
    rows.extend(chains::rows(&lab, &chains));
    rows.extend(space::byte_rows(&runtime));
    print!("{}", table::table(&rows));
}

/// A message of 16 bytes that the compiler does not know.
fn message() -> P {
    message_with(1)
}

fn message_with(b: u64) -> P {
    black_box(P { a: 7, b })
}
