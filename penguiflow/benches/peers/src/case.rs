//! What every contender is given, and what has to come of it. Knows none of them.

use penguiflow::prelude::*;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tokio::sync::Notify;

/// Turns of the loop.
pub const TURNS: u64 = 1_000;
/// Chunks of the stream.
pub const CHUNKS: u64 = 1_000;
/// What one chunk says.
pub const CHUNK: &str = "penguin ";
/// Traces that wait at once.
pub const MANY: u64 = 10_000;
/// The attempt that succeeds.
pub const ATTEMPTS: u64 = 3;

/// A message of 16 bytes.
#[message]
#[derive(Copy, PartialEq)]
pub struct P {
    pub a: u64,
    pub b: u64,
}

impl P {
    /// What a node does in every case: next to nothing, so that what is measured is what stands around it.
    pub fn step(self) -> P {
        P { a: self.a.wrapping_mul(3).wrapping_add(self.b), b: self.b }
    }

    /// One turn of the loop, or nothing once the turns are used up.
    pub fn turn(self) -> Option<P> {
        self.b.checked_sub(1).map(|b| P { b, ..self.step() })
    }

    /// What a join makes of its branches.
    pub fn sum(branches: impl IntoIterator<Item = P>) -> P {
        branches.into_iter().fold(P { a: 0, b: 0 }, |sum, p| P { a: sum.a.wrapping_add(p.a), b: sum.b + 1 })
    }
}

/// One kind of work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Case {
    /// Four nodes, one behind the other.
    Chain4,
    /// Sixteen of them.
    Chain16,
    /// Eight branches, and one node that takes what all of them gave.
    Fan8,
    /// A node that is run a thousand times.
    Loop,
    /// A node that sends a thousand chunks to who reads them.
    Stream,
    /// A node that fails twice.
    Retry,
    /// Ten thousand traces that wait in a node, all at once, and end.
    Flight,
}

impl Case {
    /// In the order of the table.
    pub const ALL: [Case; 7] =
        [Case::Chain4, Case::Chain16, Case::Fan8, Case::Loop, Case::Stream, Case::Retry, Case::Flight];

    /// As the table names it.
    pub fn name(self) -> &'static str {
        match self {
            Case::Chain4 => "chain of 4",
            Case::Chain16 => "chain of 16",
            Case::Fan8 => "fan-out of 8 and join",
            Case::Loop => "loop of 1,000, per turn",
            Case::Stream => "stream of 1,000 chunks, per chunk",
            Case::Retry => "two failures, then success",
            Case::Flight => "10,000 traces in flight, per trace",
        }
    }

    /// How many units one run of the work is.
    pub fn units(self) -> f64 {
        let units = match self {
            Case::Chain4 | Case::Chain16 | Case::Fan8 | Case::Retry => 1,
            Case::Loop => TURNS,
            Case::Stream => CHUNKS,
            Case::Flight => MANY,
        };
        units as f64
    }

    /// The message, which the compiler does not know.
    pub fn asked(self) -> P {
        let b = match self {
            Case::Loop => TURNS - 1,
            Case::Stream => CHUNKS,
            Case::Chain4 | Case::Chain16 | Case::Fan8 | Case::Retry | Case::Flight => 1,
        };
        black_box(P { a: 7, b })
    }

    /// What has to come of it.
    pub fn owed(self) -> P {
        let asked = self.asked();
        let steps = |times| (0..times).fold(asked, |p, _| p.step());
        match self {
            Case::Chain4 => steps(4),
            Case::Chain16 => steps(16),
            Case::Fan8 => P::sum([asked.step(); 8]),
            Case::Loop => std::iter::successors(Some(asked), |p| p.turn()).last().unwrap_or(asked),
            Case::Stream => P { a: CHUNKS * CHUNK.len() as u64, b: CHUNKS },
            Case::Retry => P { b: ATTEMPTS, ..asked.step() },
            Case::Flight => P::sum((0..MANY).map(|_| asked.step())),
        }
    }
}

/// Where traces wait until all of them are there.
#[derive(Debug, Default)]
pub struct Gate {
    waiting: AtomicU64,
    open: Notify,
}

impl Gate {
    /// Waits until the gate is opened.
    pub async fn pass(&self) {
        let opened = self.open.notified();
        self.waiting.fetch_add(1, Relaxed);
        opened.await;
    }

    /// Lets everybody through, once `many` wait.
    pub async fn open_for(&self, many: u64) {
        while self.waiting.load(Relaxed) < many {
            tokio::task::yield_now().await;
        }
        assert_eq!(self.waiting.swap(0, Relaxed), many, "as many wait as were started");
        self.open.notify_waiters();
    }
}
