//! Runs each hand-written piece of synchronisation under a scheduler that chooses at every lock and every atomic step who
//! goes on, many times over. The files are included as they are; what they lock with is replaced by [`sync`].
//!
//! A wake-up that is lost shows as a deadlock, and anything else as an assertion. A failing run prints its schedule, which
//! `shuttle::replay` plays again.

#[path = "../../../penguiflow/src/runtime/woken/bell.rs"]
mod bell;
#[path = "../../../penguiflow/src/runtime/floe.rs"]
#[allow(dead_code, reason = "not every method is part of a model")]
mod floe;
#[path = "../../../penguiflow/src/runtime/batch/gather.rs"]
#[allow(dead_code, reason = "not every method is part of a model")]
mod gather;
#[path = "../../../penguiflow/src/graph/scope/life.rs"]
#[allow(dead_code, reason = "not every method is part of a model")]
mod life;
#[path = "../../../penguiflow/src/runtime/admission/places.rs"]
#[allow(dead_code, reason = "not every method is part of a model")]
mod places;
#[path = "../../../penguiflow/src/graph/scope/signal.rs"]
#[allow(dead_code, reason = "not every method is part of a model")]
mod signal;
#[path = "../../../penguiflow/src/runtime/slot.rs"]
mod slot;

mod admissions;
mod batches;
mod crowds;
mod endings;
mod queues;
mod sync;

use penguiflow::clock::Seam;
use shuttle::Config;
use shuttle::scheduler::{PctScheduler, RandomScheduler};
use std::future::poll_fn;
use std::task::{Context, Poll};
use tokio::time::Instant;

/// Runs `model` under random schedules, and under those that change threads seldom but at the worst moments.
fn explore(model: impl Fn() + Send + Sync + Clone + 'static) {
    const RUNS: usize = 1_500;
    let config = || {
        let mut config = Config::new();
        config.failure_persistence = shuttle::FailurePersistence::Print;
        config
    };
    shuttle::Runner::new(RandomScheduler::new(RUNS), config()).run(model.clone());
    shuttle::Runner::new(PctScheduler::new(4, RUNS), config()).run(model);
}

/// Waits until `poll` is ready.
fn wait<T>(poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
    shuttle::future::block_on(poll_fn(poll))
}

fn now() -> Instant {
    Seam::seeded(0).now()
}

/// One of two ways, as the schedule will have it.
fn either() -> bool {
    use shuttle::rand::Rng as _;
    shuttle::rand::thread_rng().gen_bool(0.5)
}
