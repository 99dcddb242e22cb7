//! Times works in interleaved rounds and gives medians. Knows nothing about flows.
//!
//! A shared machine disturbs some rounds, and never the same ones: a round is shorter than a time slice, each work has one
//! in turn, and the median leaves out what was disturbed. Works of one run may be compared, two runs may not.

use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// How long a run takes: how many rounds, and how long each work's share of a round is.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Rounds.
    pub rounds: usize,
    /// One work's share of a round.
    pub share: Duration,
}

impl Effort {
    /// For figures.
    pub const FULL: Effort = Effort { rounds: 301, share: Duration::from_micros(800) };
    /// To see that everything still runs.
    pub const QUICK: Effort = Effort { rounds: 5, share: Duration::from_micros(100) };
}

/// A work that was added, to ask for its median.
#[derive(Debug, Clone, Copy)]
pub struct Id(usize);

/// The works and their times.
pub struct Lab {
    effort: Effort,
    works: Vec<Work>,
}

struct Work {
    run: Box<dyn FnMut(u32) -> Duration>,
    times: u32,
    /// Takes part in one round out of so many.
    every: usize,
    nanos: Vec<f64>,
}

impl Lab {
    /// Without works.
    pub fn new(effort: Effort) -> Lab {
        Lab { effort, works: Vec::new() }
    }

    /// Adds a short work, which runs many times in a round.
    pub fn time<T>(&mut self, runtime: &Rc<Runtime>, work: impl AsyncFn() -> T + 'static) -> Id {
        let runtime = runtime.clone();
        let run = move |times| {
            runtime.block_on(async {
                let start = now();
                for _ in 0..times {
                    black_box(work().await);
                }
                start.elapsed()
            })
        };
        self.add(Box::new(run), 0, 1)
    }

    /// Adds a long work that knows what part of it counts. It takes part in one round out of ten.
    pub fn time_part(&mut self, mut work: impl FnMut() -> Duration + 'static) -> Id {
        self.add(Box::new(move |_| work()), 1, 10)
    }

    fn add(&mut self, run: Box<dyn FnMut(u32) -> Duration>, times: u32, every: usize) -> Id {
        self.works.push(Work { run, times, every, nanos: Vec::new() });
        Id(self.works.len() - 1)
    }

    /// Runs all rounds.
    pub fn run(&mut self) {
        let Effort { rounds, share } = self.effort;
        self.works.iter_mut().filter(|work| work.times == 0).for_each(|work| work.calibrate(share));
        for round in 0..rounds {
            for work in self.works.iter_mut().filter(|work| round % work.every == 0) {
                let nanos = (work.run)(work.times).as_nanos() as f64;
                work.nanos.push(nanos / f64::from(work.times));
            }
        }
    }

    /// The median time of one run of a work, in nanoseconds.
    pub fn nanos(&self, Id(id): Id) -> f64 {
        let mut nanos = self.works[id].nanos.clone();
        nanos.sort_by(f64::total_cmp);
        nanos[nanos.len() / 2]
    }
}

impl Work {
    /// Finds how often the work runs in its share of a round; warms up what it needs.
    fn calibrate(&mut self, share: Duration) {
        self.times = 1;
        while (self.run)(self.times) < share && self.times < 1 << 24 {
            self.times *= 2;
        }
    }
}

/// The wall clock: a bench measures real time.
#[allow(clippy::disallowed_methods, reason = "a bench measures real time")]
pub fn now() -> Instant {
    Instant::now()
}
