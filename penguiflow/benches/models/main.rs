//! Prints what a call of a model costs beside the model: each figure with its limit, why that is the limit, and what hand-written code
//! takes for the same work. Nothing goes over a network. `-- --quick` runs a few short rounds. Never fails because of a time.
#![allow(missing_docs, unreachable_pub, clippy::print_stdout, reason = "a program, whose output is its purpose")]

mod answers;
mod calls;
mod canned;
#[path = "../figures/grid.rs"]
mod grid;
#[path = "../figures/heap.rs"]
mod heap;
mod limits;
#[path = "../figures/measure.rs"]
mod measure;
mod space;
mod streams;
mod values;

use measure::{Effort, Lab};
use std::rc::Rc;
use std::time::Duration;

fn main() {
    let quick = std::env::args().any(|arg| arg == "--quick");
    let effort = if quick { Effort::QUICK } else { Effort::FULL };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let runtime = Rc::new(runtime);
    let mut lab = Lab::new(effort);
    let calls = calls::works(&mut lab, &runtime);
    let streams = streams::works(&mut lab, &runtime);
    let values = values::works(&mut lab, &runtime);
    lab.run();
    let mut rows = calls::rows(&lab, &calls, &runtime);
    rows.extend(streams::rows(&lab, &streams));
    rows.extend(values::rows(&lab, &values));
    rows.extend(space::rows(&runtime));
    print!("{}", limits::table(&rows));
}

/// Does the work twice, and counts the second time: the first one finds the heap and the caches as another work has left them.
pub fn warm(mut work: impl FnMut() -> Duration) -> impl FnMut() -> Duration {
    move || {
        work();
        work()
    }
}
