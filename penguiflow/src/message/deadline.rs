//! When a trace has to be over, as its caller said it. Must not read a clock.

use std::time::Duration;

use tokio::time::Instant;

use crate::clock::later;

/// A limit on the time of a trace.
///
/// Monotonic: a change of the system's wall clock moves no deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deadline {
    /// This long after the trace was admitted.
    In(Duration),
    /// At this instant, whenever the trace is admitted.
    At(Instant),
}

impl Deadline {
    /// Gives the instant for a trace that was admitted at `admitted`. A duration over 30 years is cut to that.
    ///
    /// ```
    /// use penguiflow::clock::{Seam, secs};
    /// use penguiflow::message::Deadline;
    ///
    /// let admitted = Seam::system().now();
    /// assert_eq!(Deadline::In(secs(5)).instant(admitted), admitted + secs(5));
    /// assert_eq!(Deadline::At(admitted).instant(admitted + secs(1)), admitted);
    /// ```
    #[must_use]
    pub fn instant(self, admitted: Instant) -> Instant {
        match self {
            Self::In(limit) => later(admitted, limit),
            Self::At(instant) => instant,
        }
    }
}

impl From<Duration> for Deadline {
    fn from(limit: Duration) -> Self {
        Self::In(limit)
    }
}

impl From<Instant> for Deadline {
    fn from(instant: Instant) -> Self {
        Self::At(instant)
    }
}
