//! Runs a future on virtual time. Knows no flow.

use crate::clock::Seam;
use tokio::runtime::Builder;

/// Runs `body` to its end in a runtime of one thread whose time is virtual: where everything waits, it goes on to the next
/// timer at once. `seam` is what the flows are to be started with; the same seed then gives the same ids, the same jitter and
/// the same order.
///
/// ```
/// use penguiflow::clock::secs;
/// use penguiflow::testkit;
///
/// let slept = testkit::block_on(7, async |seam| {
///     let start = seam.now();
///     seam.sleep(secs(3 * 24 * 60 * 60)).await; // three days, at once
///     seam.now() - start
/// });
/// assert_eq!(slept, secs(3 * 24 * 60 * 60));
/// ```
///
/// # Panics
/// Inside another runtime, as tokio's `block_on` does, and where the system gives no runtime at all.
#[track_caller]
pub fn block_on<T>(seed: u64, body: impl AsyncFnOnce(Seam) -> T) -> T {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime of one thread needs nothing").block_on(async { body(Seam::seeded(seed)).await })
}
