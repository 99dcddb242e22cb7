//! The seam for time, ids and randomness: the only room that reads a clock or draws a random number. Must not know who
//! asks, nor what for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, Sleep};

use crate::id::TraceId;

mod entropy;

pub use entropy::Entropy;

/// The longest wait that the seam arms; a longer one is cut to it, so that no sum of an instant and a wait overflows.
const WAIT_MAX: Duration = secs(30 * 365 * 24 * 60 * 60);

/// Tells the time.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use penguiflow::clock::{Clock, Seam};
///
/// /// It is always the first second of 1970.
/// struct Stopped;
/// impl Clock for Stopped {
///     fn wall_at(&self, _: tokio::time::Instant) -> SystemTime {
///         SystemTime::UNIX_EPOCH
///     }
/// }
///
/// let seam = Seam::system().with_clock(Stopped);
/// assert_eq!(seam.wall(), SystemTime::UNIX_EPOCH);
/// ```
pub trait Clock: Send + Sync + 'static {
    /// Monotonic time, for deadlines and measures.
    ///
    /// Timers run on tokio's clock whatever this says, so it has to run at tokio's pace, or to say by
    /// [`timer_at`](Clock::timer_at) how the two go together. In a test, pause tokio's clock instead, and this one stands still with it.
    fn now(&self) -> Instant {
        #[allow(clippy::disallowed_methods, reason = "the seam is the one place that reads the clock")]
        Instant::now()
    }

    /// When a timer that is due at `deadline` by this clock fires by tokio's: for a clock that does not run at tokio's pace, as
    /// one that shows the times of a recorded run. Asked once, when the timer is armed.
    fn timer_at(&self, deadline: Instant) -> Instant {
        deadline
    }

    /// The wall-clock time at the monotonic time `now`, for ids and stored records. Never used to decide when a wait ends.
    fn wall_at(&self, now: Instant) -> SystemTime;
}

/// Tokio's clock, with the wall clock tied to it.
///
/// The system's wall clock is read once, when this is made; from then on it advances with tokio's clock. So wall time
/// never goes backward, and under a paused tokio clock it is virtual, too. It does not follow a correction of the
/// system's clock, and on systems whose monotonic clock stops while they are suspended it falls behind by that time.
///
/// ```
/// use penguiflow::clock::{Clock, SystemClock, secs};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(async {
/// let clock = SystemClock::default();
/// let before = clock.wall_at(clock.now());
/// tokio::time::advance(secs(3600)).await;
/// assert_eq!(clock.wall_at(clock.now()), before + secs(3600));
/// # });
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    started: Instant,
    wall_started: SystemTime,
}

impl SystemClock {
    /// Makes a clock whose wall time is `wall` at this moment.
    #[must_use]
    pub fn starting_at(wall: SystemTime) -> Self {
        #[allow(clippy::disallowed_methods, reason = "the seam is the one place that reads the clock")]
        let started = Instant::now();
        Self { started, wall_started: wall }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        #[allow(clippy::disallowed_methods, reason = "the seam is the one place that reads the clock")]
        Self::starting_at(SystemTime::now())
    }
}

impl Clock for SystemClock {
    fn wall_at(&self, now: Instant) -> SystemTime {
        let elapsed = now.saturating_duration_since(self.started);
        self.wall_started.checked_add(elapsed).unwrap_or(self.wall_started)
    }
}

/// Where the runtime gets time, trace ids and jitter from.
///
/// Cheap to clone; clones share the clock, the random sequence and the order of ids.
///
/// ```
/// use penguiflow::clock::Seam;
///
/// let seam = Seam::system();
/// let (first, second) = (seam.trace_id(), seam.trace_id());
/// assert!(first < second);
/// ```
#[derive(Clone)]
pub struct Seam {
    clock: Arc<dyn Clock>,
    source: Arc<Source>,
}

struct Source {
    entropy: Entropy,
    /// The time stamp of the latest id, in ticks of 1/4096 ms since 1970.
    last_tick: AtomicU64,
}

impl Seam {
    /// The seam of production: the system's clock, randomness seeded by the operating system.
    #[must_use]
    pub fn system() -> Self {
        Self::new(SystemClock::default(), Entropy::from_os())
    }

    /// The seam of tests and simulations: the same seed gives the same jitter and, under a paused tokio clock, the
    /// same ids.
    ///
    /// Its wall clock starts at 2000-01-01T00:00:00Z when this is called: call it inside the paused runtime.
    ///
    /// ```
    /// use penguiflow::clock::Seam;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(async {
    /// assert_eq!(Seam::seeded(7).trace_id(), Seam::seeded(7).trace_id());
    /// assert_ne!(Seam::seeded(7).trace_id(), Seam::seeded(8).trace_id());
    /// # });
    /// ```
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        const YEAR_2000: Duration = Duration::from_secs(946_684_800);
        Self::new(SystemClock::starting_at(SystemTime::UNIX_EPOCH + YEAR_2000), Entropy::seeded(seed))
    }

    fn new(clock: impl Clock, entropy: Entropy) -> Self {
        Self { clock: Arc::new(clock), source: Arc::new(Source { entropy, last_tick: AtomicU64::new(0) }) }
    }

    /// Replaces the clock; the random sequence and the order of ids go on as they were.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Monotonic time, for deadlines and measures.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Wall-clock time, for stored records.
    #[must_use]
    pub fn wall(&self) -> SystemTime {
        self.wall_at(self.now())
    }

    pub(crate) fn wall_at(&self, now: Instant) -> SystemTime {
        self.clock.wall_at(now)
    }

    /// Makes the id of a new trace: a UUID of version 7 (RFC 9562), without allocating.
    ///
    /// *Order*: each id of a seam (clones included) is greater than all before it, from whichever thread and even where
    /// the wall clock goes back: the 12 bits below the milliseconds hold their fraction (method 3 of section 6.2) and
    /// serve as a counter when two ids fall on one tick of 1/4096 ms; past 4096 ids in a millisecond the time stamps
    /// run ahead of the clock. The other 62 bits are random.
    #[must_use]
    pub fn trace_id(&self) -> TraceId {
        self.trace_id_at(self.now())
    }

    /// Makes the id of a trace that is new at `now`, so that admission reads the clock once.
    pub(crate) fn trace_id_at(&self, now: Instant) -> TraceId {
        uuid_v7(self.source.next_tick(ticks(self.clock.wall_at(now))), self.source.entropy.next_u64())
    }

    /// Draws the random share of a delay, in `[0, 1)`.
    #[must_use]
    pub fn jitter(&self) -> f64 {
        self.source.entropy.unit_f64()
    }

    /// Waits until `deadline`, at tokio's timer resolution of one millisecond.
    ///
    /// *Cancel safety*: dropping it disarms the timer.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, and in one without a timer.
    pub fn sleep_until(&self, deadline: Instant) -> Sleep {
        #[allow(clippy::disallowed_methods, reason = "the seam is the one place that arms timers")]
        tokio::time::sleep_until(self.clock.timer_at(deadline))
    }

    /// Waits for `wait`, at tokio's timer resolution of one millisecond, at most 30 years.
    ///
    /// *Cancel safety*: dropping it disarms the timer.
    ///
    /// ```
    /// use penguiflow::clock::{Seam, secs};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(async {
    /// let seam = Seam::system();
    /// let start = seam.now();
    /// seam.sleep(secs(3600)).await; // at once under a paused clock
    /// assert_eq!(seam.now() - start, secs(3600));
    /// # });
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, and in one without a timer.
    pub fn sleep(&self, wait: Duration) -> Sleep {
        self.sleep_until(later(self.now(), wait))
    }
}

impl Source {
    /// Gives `now`, or the tick after the latest one given where that is not past.
    fn next_tick(&self, now: u64) -> u64 {
        // Relaxed: the counter orders ids and publishes nothing else.
        let mut last = self.last_tick.load(Ordering::Relaxed);
        loop {
            let next = now.max(last.wrapping_add(1));
            match self.last_tick.compare_exchange_weak(last, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return next,
                Err(seen) => last = seen,
            }
        }
    }
}

impl std::fmt::Debug for Seam {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seam").finish_non_exhaustive()
    }
}

/// Gives the instant `wait` after `start`; a wait over 30 years is cut to that, so the sum never overflows.
///
/// ```
/// use std::time::Duration;
/// use penguiflow::clock::{Seam, later, secs};
///
/// let now = Seam::system().now();
/// assert_eq!(later(now, secs(2)), now + secs(2));
/// assert!(later(now, Duration::MAX) > now);
/// ```
#[must_use]
pub fn later(start: Instant, wait: Duration) -> Instant {
    start.checked_add(wait.min(WAIT_MAX)).unwrap_or(start)
}

/// Sugar for [`Duration::from_secs`], as in `with_deadline(secs(30))`.
#[must_use]
pub const fn secs(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Sugar for [`Duration::from_millis`], as in `with_deadline(millis(250))`.
#[must_use]
pub const fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// Gives wall time in ticks of 1/4096 ms since 1970: 48 bits of milliseconds above 12 bits of their fraction.
fn ticks(wall: SystemTime) -> u64 {
    let since = wall.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let millis = since.as_secs().wrapping_mul(1000).wrapping_add(u64::from(since.subsec_millis()));
    let fraction = u64::from(since.subsec_nanos() % 1_000_000) * 4096 / 1_000_000;
    millis << 12 | fraction
}

/// Lays out a UUID of version 7: 48 bits time, 4 bits version, 12 bits time, 2 bits variant, 62 bits random.
fn uuid_v7(tick: u64, random: u64) -> TraceId {
    const VERSION_7: u128 = 0x7 << 76;
    const VARIANT: u128 = 0b10 << 62;
    let time = u128::from(tick >> 12) << 80 | u128::from(tick & 0xfff) << 64;
    TraceId::from_u128(time | VERSION_7 | VARIANT | u128::from(random >> 2))
}

#[cfg(test)]
mod tests;
