//! Asks a trace to end, and wakes those who have to know: who polls it, and who waits for just that. Knows no trace.

use crate::sync::{AtomicU8, AtomicWaker, Notify, Ordering};

/// Why a trace has to end, the stronger reasons first: who cancelled no longer waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Halt {
    Cancelled,
    Expired,
    OutOfHops,
    OutOfTokens,
    OutOfMoney,
    /// A branch failed beside one that must not be dropped half done. The failure is what the trace ends with.
    Failing,
}

const RUNNING: u8 = 0;
const FAILING: u8 = 1;
const OUT_OF_MONEY: u8 = 2;
const OUT_OF_TOKENS: u8 = 3;
const OUT_OF_HOPS: u8 = 4;
const EXPIRED: u8 = 5;
const CANCELLED: u8 = 6;
/// Beside the reason: each node run has to be counted. From the beginning, or never.
const COUNTS: u8 = 128;

/// Whether a trace has to end.
#[derive(Default)]
pub(crate) struct Signal {
    halt: AtomicU8,
    root: AtomicWaker,
}

impl Signal {
    /// Of a trace whose node runs are counted.
    pub(crate) fn counting() -> Self {
        Signal { halt: AtomicU8::new(COUNTS), ..Signal::default() }
    }

    /// Whether node runs are counted.
    pub(crate) fn counts(&self) -> bool {
        self.halt.load(Ordering::Relaxed) & COUNTS != 0
    }

    /// Whether the trace may go on, and nothing is counted: one load.
    #[inline]
    pub(crate) fn is_quiet(&self) -> bool {
        self.halt.load(Ordering::Acquire) == RUNNING
    }

    /// Whether the trace has to end: one load.
    #[inline]
    pub(crate) fn halt(&self) -> Option<Halt> {
        said(self.halt.load(Ordering::Acquire))
    }

    /// Whether the trace has to end, for one who has just left word where whoever asks looks: a write that changes nothing.
    /// Who asks writes as well, so either this sees the word or the other sees what was left.
    pub(crate) fn look(&self) -> Option<Halt> {
        said(self.halt.fetch_max(RUNNING, Ordering::SeqCst))
    }

    /// Asks the trace to end; false if it was asked so before. `listeners` are looked up behind the word is written, so that
    /// one who came meanwhile is either found or sees the word.
    pub(crate) fn ask<'n>(&self, halt: Halt, listeners: impl FnOnce() -> Option<&'n Notify>) -> bool {
        let word = match halt {
            Halt::Failing => FAILING,
            Halt::Expired => EXPIRED,
            Halt::OutOfHops => OUT_OF_HOPS,
            Halt::OutOfTokens => OUT_OF_TOKENS,
            Halt::OutOfMoney => OUT_OF_MONEY,
            Halt::Cancelled => CANCELLED,
        };
        let word = word | self.halt.load(Ordering::Relaxed) & COUNTS;
        let before = self.halt.fetch_max(word, Ordering::SeqCst);
        self.root.wake();
        if let Some(listeners) = listeners() {
            listeners.notify_waiters();
        }
        before < word
    }

    /// Registers who polls the trace. Look at [`Signal::halt`] again afterwards, or a wake-up may be lost.
    pub(crate) fn watch(&self, waker: &std::task::Waker) {
        self.root.register(waker);
    }

    /// Waits until the trace is asked to end.
    pub(crate) async fn halted(&self, listeners: &Notify) {
        let mut notified = std::pin::pin!(listeners.notified());
        notified.as_mut().enable();
        if self.look().is_none() {
            notified.await;
        }
    }
}

#[inline]
fn said(word: u8) -> Option<Halt> {
    match word & !COUNTS {
        RUNNING => None,
        FAILING => Some(Halt::Failing),
        OUT_OF_MONEY => Some(Halt::OutOfMoney),
        OUT_OF_TOKENS => Some(Halt::OutOfTokens),
        OUT_OF_HOPS => Some(Halt::OutOfHops),
        EXPIRED => Some(Halt::Expired),
        _ => Some(Halt::Cancelled),
    }
}
