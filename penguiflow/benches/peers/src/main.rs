//! The same work by penguiflow and by others, in one run in which all take turns. Prints a table of nanoseconds and ratios; a result
//! that is wrong stops it before anything is measured. `-- --quick` runs a few short rounds. Never fails because of a time.

mod actors;
mod case;
#[path = "../../figures/measure.rs"]
mod measure;
mod ours;
mod sessions;
mod table;
mod workflows;

use case::{Case, P};
use measure::{Effort, Id, Lab, now};
use std::rc::Rc;
use table::{Column, table};
use tokio::runtime::Runtime;

/// The works of one contender, in the order of the cases.
pub type Entries = [Option<Id>; Case::ALL.len()];

/// Where contenders enter their works.
pub struct Bench {
    lab: Lab,
    runtime: Rc<Runtime>,
}

impl Bench {
    /// A short work, which runs many times in a round.
    fn enter(&mut self, case: Case, work: impl AsyncFn() -> P + 'static) -> Id {
        self.check(case, &work);
        self.lab.time(&self.runtime, work)
    }

    /// A long one, which takes part in one round out of ten.
    fn enter_long(&mut self, case: Case, work: impl AsyncFn() -> P + 'static) -> Id {
        self.check(case, &work);
        let runtime = self.runtime.clone();
        self.lab.time_part(move || {
            let start = now();
            std::hint::black_box(runtime.block_on(work()));
            start.elapsed()
        })
    }

    /// Twice, because what a run leaves behind must not change the next one.
    fn check(&self, case: Case, work: &impl AsyncFn() -> P) {
        for _ in 0..2 {
            assert_eq!(self.runtime.block_on(work()), case.owed(), "{case:?}");
        }
    }
}

type Enter = fn(&mut Bench) -> Entries;

const CONTENDERS: [(&str, Enter); 4] = [
    ("penguiflow", ours::enter),
    ("graph-flow 0.8.1", sessions::enter),
    ("ractor 0.16.5", actors::enter),
    ("floxide 3.2.2", workflows::enter),
];

/// Why a cell is empty.
const EMPTY: &str = "\
—: graph-flow and floxide give a result when a node has ended, and no chunks before; floxide waits before each further attempt by
tokio's timer, which knows no less than a millisecond, so that the timer would be measured and nothing else.
";

fn main() {
    let quick = std::env::args().any(|arg| arg == "--quick");
    let effort = if quick { Effort::QUICK } else { Effort::FULL };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let mut bench = Bench { lab: Lab::new(effort), runtime: Rc::new(runtime) };
    let entered = CONTENDERS.map(|(name, enter)| (name, enter(&mut bench)));
    bench.lab.run();
    let column = |(name, entries): (&'static str, Entries)| {
        let nanos = |(id, case): (Option<Id>, Case)| id.map(|id| bench.lab.nanos(id) / case.units());
        Column { name, nanos: entries.into_iter().zip(Case::ALL).map(nanos).collect() }
    };
    print!("{}\n{EMPTY}", table(&Case::ALL.map(Case::name), &entered.map(column)));
}
