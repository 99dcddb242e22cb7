//! What observers are told of a trace as a whole: that it was let in, how it ended.

use crate::error::Stop;
use crate::event::{EventKind, Failure};
use crate::graph::scope::{Halt, Scope};
use crate::graph::watch::spans;
use crate::place::Way;
use tracing::Span;

/// A trace, or a call from inside one, was let in.
#[inline]
pub(super) fn let_in(scope: &Scope, way: impl FnOnce() -> Way) {
    if let Some(watch) = scope.tap() {
        let deadline = scope.deadline.map(|deadline| deadline.saturating_duration_since(scope.started));
        let headers = scope.headers.clone();
        watch.tell_of(scope.id, way(), EventKind::Emit { headers, deadline });
    }
}

/// It has ended.
#[inline]
pub(super) fn ended<T>(scope: &Scope, way: impl FnOnce() -> Way, ran: &Result<T, Stop>) {
    if scope.tap().is_some() {
        tell(scope, way(), ran.as_ref().err());
    }
}

#[cold]
fn tell(scope: &Scope, way: Way, stop: Option<&Stop>) {
    let Some(watch) = scope.tap() else { return };
    let error = match stop {
        Some(Stop::Dropped { at }) => {
            watch.tell_of(scope.id, way.clone(), EventKind::Dropped { at: at.clone() });
            None
        }
        Some(Stop::Failed(error)) => Some(Failure::of(error)),
        Some(Stop::Cancelled | Stop::DeadlineExceeded | Stop::BudgetExceeded(_)) | None => None,
    };
    if scope.halt() == Some(Halt::Cancelled) {
        watch.tell_of(scope.id, way.clone(), EventKind::TraceCancelFinish);
    }
    let code = stop.map_or("COMPLETED", Stop::code);
    let span = scope.close_span().unwrap_or_else(Span::none);
    span.record("ending", code);
    if error.is_some() {
        spans::fail(&span, code);
    }
    let _entered = span.enter();
    let latency = watch.since(scope.started);
    let spent = scope.nearest_ledger().map(|ledger| ledger.spent());
    watch.tell_of(scope.id, way, EventKind::Ending { code, latency, error, spent });
}
