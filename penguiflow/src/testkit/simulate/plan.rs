//! What a seed decides to do to a flow. Pure: each decision follows from the seed and from what it is about, so that leaving one
//! out changes no other.

use crate::clock::Entropy;
use std::collections::BTreeSet;
use std::fmt;

/// What one run does to a flow.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    seed: u64,
    /// How many messages.
    pub(super) traces: u64,
    /// Decisions that are left out.
    pub(super) left_out: BTreeSet<About>,
}

/// What a decision is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum About {
    /// One attempt: the number of the trace, the place, the node, the attempt.
    Attempt(u64, String, &'static str, u32),
    /// How long after the first one a message comes.
    Begin(u64),
    Deadline(u64),
    Hops(u64),
    /// When it is cancelled, or its handle dropped.
    Cancel(u64),
    /// How it is read.
    Reader(u64),
    InFlight,
    Lag,
}

/// What happens before an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Act {
    /// How often it lets others go first.
    pub(super) yields: u64,
    /// How long it waits, in milliseconds.
    pub(super) wait: u64,
    pub(super) end: ActEnd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ActEnd {
    Runs,
    Fails,
    FailsForGood,
    Panics,
}

/// Who reads a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Nobody but for its ending.
    Ending,
    /// Somebody, who waits so many milliseconds before each chunk.
    Chunks(u64),
}

/// When a trace is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancel {
    Never,
    /// Behind so many of its events.
    Behind(u64),
    /// Its handle is dropped behind so many of its events.
    Dropped(u64),
}

/// An hour: longer than any timeout that a test would write.
const STALL: u64 = 60 * 60 * 1_000;

impl Plan {
    pub(super) fn new(seed: u64, traces: u64) -> Self {
        let mut plan = Plan { seed, traces: 0, left_out: BTreeSet::new() };
        plan.traces = 1 + plan.dice("traces").next_u64() % traces;
        plan
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// The numbers of one decision.
    fn dice(&self, about: &str) -> Entropy {
        // FNV-1a, by Fowler, Noll and Vo: the same on each machine.
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Entropy::seeded(about.bytes().fold(self.seed ^ 0xcbf2_9ce4_8422_2325, mix))
    }

    fn decides(&self, about: &About) -> Option<Entropy> {
        (!self.left_out.contains(about)).then(|| self.dice(&format!("{about:?}")))
    }

    /// How many of a hundred: one of `all`, by the seed.
    fn percent(&self, of: &str, all: [u64; 4]) -> u64 {
        all[(self.dice(of).next_u64() % 4) as usize]
    }

    pub(super) fn act(&self, about: &About) -> Option<Act> {
        let dice = self.decides(about)?;
        let below = |end: u64| dice.next_u64() % end;
        let waits = below(100) < self.percent("waiting", [0, 30, 60, 100]);
        let stalls = below(100) < self.percent("stalling", [0, 0, 1, 4]);
        // Few moments, so that many fall together.
        let wait = if stalls {
            STALL
        } else if waits {
            5 * below(5)
        } else {
            0
        };
        let yields = if waits { below(3) } else { 0 };
        let chance = below(100);
        let (fails, panics) = (self.percent("failing", [0, 5, 15, 40]), self.percent("panicking", [0, 0, 2, 6]));
        let end = match chance {
            n if n < fails / 4 => ActEnd::FailsForGood,
            n if n < fails => ActEnd::Fails,
            n if n < fails + panics => ActEnd::Panics,
            _ => ActEnd::Runs,
        };
        let act = Act { yields, wait, end };
        (act != Act { yields: 0, wait: 0, end: ActEnd::Runs }).then_some(act)
    }

    fn some(&self, about: &About, percent: u64, most: u64) -> Option<u64> {
        let dice = self.decides(about)?;
        (dice.next_u64() % 100 < percent).then(|| dice.next_u64() % most)
    }

    /// In milliseconds.
    pub(super) fn begin(&self, trace: u64) -> u64 {
        self.some(&About::Begin(trace), 50, 4).map_or(0, |n| 5 * n)
    }

    /// In milliseconds.
    pub(super) fn deadline(&self, trace: u64) -> Option<u64> {
        self.some(&About::Deadline(trace), 25, 60)
    }

    pub(super) fn hops(&self, trace: u64) -> Option<u64> {
        self.some(&About::Hops(trace), 15, 12)
    }

    pub(super) fn cancel(&self, trace: u64) -> Cancel {
        match self.some(&About::Cancel(trace), 30, 60) {
            None => Cancel::Never,
            Some(n) if n % 4 == 0 => Cancel::Dropped(1 + n / 4),
            Some(n) => Cancel::Behind(1 + n / 2),
        }
    }

    pub(super) fn reader(&self, trace: u64) -> Reader {
        self.some(&About::Reader(trace), 60, 4).map_or(Reader::Ending, |n| Reader::Chunks(5 * n))
    }

    pub(super) fn in_flight(&self) -> Option<usize> {
        self.some(&About::InFlight, 50, 3).map(|n| 1 + n as usize)
    }

    pub(super) fn lag(&self) -> Option<usize> {
        self.some(&About::Lag, 50, 3).map(|n| 1 + n as usize)
    }

    /// All that is decided about a run as a whole and about its messages.
    pub(super) fn settings(&self) -> Vec<About> {
        let each = |trace| {
            [
                About::Begin(trace),
                About::Deadline(trace),
                About::Hops(trace),
                About::Cancel(trace),
                About::Reader(trace),
            ]
        };
        let all = (0..self.traces).flat_map(each).chain([About::InFlight, About::Lag]);
        all.filter(|about| self.words(about).is_some()).collect()
    }

    /// A decision in words; nothing if nothing comes of it.
    pub(super) fn words(&self, about: &About) -> Option<String> {
        Some(match about {
            About::Attempt(trace, place, node, attempt) => {
                format!("{}: `{node}` at {place}, attempt {attempt}, {}", whose(*trace), self.act(about)?)
            }
            About::Begin(trace) => {
                format!("trace {trace}: comes after {} ms", Some(self.begin(*trace)).filter(|ms| *ms > 0)?)
            }
            About::Deadline(trace) => format!("trace {trace}: has {} ms", self.deadline(*trace)?),
            About::Hops(trace) => format!("trace {trace}: may run {} nodes", self.hops(*trace)?),
            About::Cancel(trace) => match self.cancel(*trace) {
                Cancel::Never => return None,
                Cancel::Behind(events) => format!("trace {trace}: is cancelled behind its event {events}"),
                Cancel::Dropped(events) => format!("trace {trace}: its handle is dropped behind its event {events}"),
            },
            About::Reader(trace) => match self.reader(*trace) {
                Reader::Ending => return None,
                Reader::Chunks(ms) => format!("trace {trace}: its reader waits {ms} ms before each chunk"),
            },
            About::InFlight => format!("{} may run at once", self.in_flight()?),
            About::Lag => format!("{} chunks may be unread", self.lag()?),
        })
    }
}

/// A trace by its number. A batch, which serves several, has none.
pub(super) fn whose(trace: u64) -> String {
    if trace == u64::MAX { "a batch".to_owned() } else { format!("trace {trace}") }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Act { yields, wait, end } = self;
        let end = match end {
            ActEnd::Runs => "runs",
            ActEnd::Fails => "fails",
            ActEnd::FailsForGood => "fails for good",
            ActEnd::Panics => "panics",
        };
        match (wait, yields) {
            (0, 0) => write!(f, "{end}"),
            (0, yields) => write!(f, "lets others go first {yields} times and {end}"),
            (wait, _) => write!(f, "waits {wait} ms and {end}"),
        }
    }
}
