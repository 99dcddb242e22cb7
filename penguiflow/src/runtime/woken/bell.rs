//! Remembers who of a crowd was woken. Knows neither the crowd nor what it runs.

use crate::sync::{AtomicBool, AtomicWaker, Ordering};
use std::sync::Arc;
use std::task::{Wake, Waker};

/// What the waker of one of a crowd rings.
pub(crate) struct Bell {
    rung: AtomicBool,
    /// Wakes the task that polls the crowd.
    crowd: AtomicWaker,
}

impl Bell {
    /// A bell that was rung: the first poll is due without a wake-up.
    pub(crate) fn new() -> Self {
        Bell { rung: AtomicBool::new(true), crowd: AtomicWaker::default() }
    }

    /// Whether the bell was rung since it was asked last. If not, whoever rings it wakes `crowd`.
    pub(crate) fn was_rung(&self, crowd: &Waker) -> bool {
        // Before the bell is read: whoever rings it afterwards finds the waker.
        self.crowd.register(crowd);
        self.rung.swap(false, Ordering::AcqRel)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::Release);
        self.crowd.wake();
    }
}
