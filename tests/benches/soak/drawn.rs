//! A million traces through all drawn flows, with failures, panics, cancels and deadlines among them, each held against what the
//! interpreter knows of it. Must not know the storm.

use crate::proof::flows::FLOWS;
use crate::proof::run::{App, Driven, Log, Token, end};
use crate::{GROWTH_BYTES_MAX, heap, kit};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{Options, Trace};
use penguiflow_tests::proof::draw;
use penguiflow_tests::proof::interpret::{End, interpret};
use penguiflow_tests::proof::script::{Dice, Script};
use tokio::runtime::Runtime;

const TRACES: usize = 1_000_000;
const AT_ONCE: usize = 256;
const PARTS: usize = 10;

/// How many traces ended in each way.
#[derive(Debug, Default)]
struct Endings {
    completed: usize,
    failed: usize,
    cancelled: usize,
    late: usize,
    other: usize,
    /// Those that the interpreter knows better.
    wrong: usize,
}

impl Endings {
    fn count(&mut self, ended: &End, expected: Option<&End>) {
        self.wrong += usize::from(expected.is_some_and(|expected| expected != ended));
        *match ended {
            End::Completed(_) => &mut self.completed,
            End::Failed { .. } => &mut self.failed,
            End::Cancelled => &mut self.cancelled,
            End::DeadlineExceeded => &mut self.late,
            _ => &mut self.other,
        } += 1;
    }

    fn all(&self) -> usize {
        self.completed + self.failed + self.cancelled + self.late + self.other
    }
}

struct Soak {
    drawn: Vec<penguiflow_tests::proof::Flow>,
    started: Vec<Driven>,
    log: Log,
    dice: Dice,
}

impl Soak {
    fn new() -> Self {
        let log = Log::forgetful();
        let start = |flow: &fn(App, Options) -> Result<Driven, _>| flow(App { log: log.clone() }, Options::new());
        let started = FLOWS.iter().map(start).collect::<Result<_, _>>();
        Soak { drawn: draw::flows(), started: started.expect("starts"), log, dice: Dice::new(1) }
    }

    /// Starts a message; gives what must come of it, where that does not hang on the clock.
    fn emit(&mut self) -> (Trace<Token>, Option<End>) {
        let (flow, value) = (self.dice.below(FLOWS.len() as u64) as usize, self.dice.roll());
        let calm = self.dice.chance(50);
        let (waiting, failing, panicking) = if calm { (0, 0, 1) } else { (1, 3, 1) };
        let script = Script { seed: self.dice.roll(), failing, panicking, waiting };
        let mut message = Message::new(self.log.token(0, script, value));
        if !calm && self.dice.chance(10) {
            message = message.with_deadline(millis(self.dice.below(20)));
        }
        let trace = (self.started[flow].try_emit)(message).expect("there is room");
        if !calm && self.dice.chance(5) {
            trace.cancel();
        }
        let known = calm && !draw::runs_in_tasks(flow);
        (trace, known.then(|| interpret(&self.drawn, flow, script, value).end))
    }

    async fn run(&mut self, traces: usize) -> Endings {
        let (mut endings, mut running, mut begun) = (Endings::default(), FuturesUnordered::new(), 0);
        loop {
            while running.len() < AT_ONCE && begun < traces {
                let (trace, expected) = self.emit();
                running.push(async move { (end(trace.result().await), expected) });
                begun += 1;
            }
            match running.next().await {
                Some((ended, expected)) => endings.count(&ended, expected.as_ref()),
                None => return endings,
            }
        }
    }
}

/// Runs them all; whether all of it was as it has to be.
pub(crate) fn soak(runtime: &Runtime, quick: bool) -> bool {
    let traces = if quick { TRACES / 100 } else { TRACES } / PARTS;
    let mut soak = runtime.block_on(async { Soak::new() });
    println!("| traces | completed | failed | cancelled | late | other | wrong | µs a trace | live bytes | growth |");
    println!("| -----: | --------: | -----: | --------: | ---: | ----: | ----: | ---------: | ---------: | -----: |");
    let (mut live, mut sound) = (0.0, true);
    for part in 0..PARTS {
        let begin = kit::now();
        let (endings, used) = heap::used(|| {
            let endings = runtime.block_on(soak.run(traces));
            while runtime.metrics().num_alive_tasks() > 0 {
                std::thread::yield_now();
            }
            endings
        });
        let micros = begin.elapsed().as_micros() as f64 / traces as f64;
        live += used.live;
        let Endings { completed, failed, cancelled, late, other, wrong } = &endings;
        println!(
            "| {} | {completed} | {failed} | {cancelled} | {late} | {other} | {wrong} | {micros:.1} | {live:.0} | {:.0} |",
            endings.all(),
            used.live
        );
        let inside: usize = soak.started.iter().map(|flow| (flow.in_flight)()).sum();
        sound &= *wrong == 0 && endings.all() == traces && inside == 0 && soak.log.live() == 0;
        // The first part fills what stays.
        sound &= part == 0 || used.live <= GROWTH_BYTES_MAX;
    }
    sound
}
