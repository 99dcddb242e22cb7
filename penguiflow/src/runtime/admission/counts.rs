//! Counts how traces ended. Plain numbers: they are kept under locks that are taken anyway.

use crate::error::Stop;

/// How a trace ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Completed,
    Failed,
    Cancelled,
    DeadlineExceeded,
    BudgetExceeded,
    Dropped,
}

impl End {
    #[inline]
    pub(crate) fn of<T>(ran: &Result<T, Stop>) -> Self {
        match ran {
            Ok(_) => End::Completed,
            Err(Stop::Failed(_)) => End::Failed,
            Err(Stop::Cancelled) => End::Cancelled,
            Err(Stop::DeadlineExceeded) => End::DeadlineExceeded,
            Err(Stop::BudgetExceeded(_)) => End::BudgetExceeded,
            Err(Stop::Dropped { .. }) => End::Dropped,
        }
    }
}

/// What became of the messages that were let in since the start. [`Handle::counts`](crate::Handle::counts) gives it.
///
/// *Limits*: the numbers are taken one after the other, so while traces come and go they need not add up to one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Traces that have not ended.
    pub running: u64,
    /// Endings of posted traces that wait for who reads [`Outputs`](crate::Outputs).
    pub unread: u64,
    /// Traces that ended with a value.
    pub completed: u64,
    /// Traces that failed.
    pub failed: u64,
    /// Traces that were cancelled, or whose future or handle was dropped.
    pub cancelled: u64,
    /// Traces that ran out of time.
    pub deadline_exceeded: u64,
    /// Traces that used up a limit.
    pub budget_exceeded: u64,
    /// Traces that an arm of a router ended.
    pub dropped: u64,
    /// Endings that nobody was there to see, whether they were kept for [`DeadLetters`](crate::DeadLetters) or not.
    pub dead_letters: u64,
}

impl Counts {
    /// Traces that were let in.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    ///
    /// #[node]
    /// async fn halve(n: u32) -> Result<u32, std::fmt::Error> { if n % 2 == 0 { Ok(n / 2) } else { Err(std::fmt::Error) } }
    /// flow! { halving(u32) -> u32 { halve } }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = halving::flow().start()?;
    /// assert_eq!(app.call(4).await?, 2);
    /// assert!(app.call(5).await.is_err());
    /// let counts = app.counts();
    /// assert_eq!((counts.admitted(), counts.completed, counts.failed, counts.running), (2, 1, 1, 0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn admitted(&self) -> u64 {
        let Counts { running, completed, failed, cancelled, deadline_exceeded, budget_exceeded, dropped, .. } = self;
        running + completed + failed + cancelled + deadline_exceeded + budget_exceeded + dropped
    }
}

/// How many traces ended in each way.
#[derive(Default)]
pub(super) struct Ends([u64; 6]);

impl Ends {
    #[inline]
    pub(super) fn count(&mut self, end: End) {
        self.0[end as usize] += 1;
    }

    pub(super) fn add_to(&self, all: &mut Counts) {
        let of = |end: End| self.0[end as usize];
        all.completed += of(End::Completed);
        all.failed += of(End::Failed);
        all.cancelled += of(End::Cancelled);
        all.deadline_exceeded += of(End::DeadlineExceeded);
        all.budget_exceeded += of(End::BudgetExceeded);
        all.dropped += of(End::Dropped);
    }
}
