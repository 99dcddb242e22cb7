//! What observers are told of a trace as a whole: that it was let in, how it ended.

use crate::bug::bug;
use crate::error::Stop;
use crate::event::{EventKind, Failure};
use crate::graph::codec::Codec;
use crate::graph::scope::{Halt, Scope};
use crate::graph::watch::spans;
use crate::graph::watch::tape::Entry;
use crate::message::Meta;
use crate::place::Way;
use std::any::Any;
use tracing::Span;

/// What a trace that is recorded was let in with.
#[inline]
pub(super) fn taped(scope: &Scope, codec: Option<Codec>, payload: &dyn Any, meta: &Meta) {
    if let Some(watch) = scope.tap()
        && let Some(tape) = &watch.between.tape
    {
        let started = watch.seam.wall_at(scope.started);
        let deadline = scope.deadline.map(|deadline| deadline.saturating_duration_since(scope.started));
        let (flow, trace_id, headers, budget) = (watch.flow, scope.id, &scope.headers, scope.left());
        tape.let_in(&Entry { flow, trace_id, headers, deadline, budget, started, codec, payload, meta });
    }
}

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
pub(super) fn ended<T>(scope: &Scope, way: impl Fn() -> Way, ran: &Result<T, Stop>) {
    let lost = bug("lost_ending") && matches!(ran, Err(Stop::Cancelled));
    if scope.tap().is_some() && !lost {
        tell(scope, way(), ran.as_ref().err());
        if bug("double_ending") && ran.is_err() {
            tell(scope, way(), ran.as_ref().err());
        }
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
    match (&error, stop) {
        (Some(_), _) => spans::fail(&span, code),
        (None, None) => spans::succeed(&span),
        (None, Some(_)) => {}
    }
    let _entered = span.enter();
    let latency = watch.since(scope.started);
    let spent = scope.nearest_ledger().map(|ledger| ledger.spent());
    watch.tell_of(scope.id, way, EventKind::Ending { code, latency, error, spent });
}
