//! One ending that many traces share, told to each as its own. Knows nothing about batches.

use crate::error::{ErrorKind, FlowError, Spot, Stop};
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// An ending without a value, of which copies can be made.
pub(crate) enum OfMany {
    Failed(Arc<FlowError>),
    Other(Stop),
}

impl From<Stop> for OfMany {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Failed(error) => OfMany::Failed(Arc::new(error)),
            other => OfMany::Other(other),
        }
    }
}

impl OfMany {
    /// A copy. A failure is made anew by `fail`, which knows whose it is, and is told what happened where.
    pub(crate) fn stop(&self, fail: impl FnOnce(ErrorKind, &FlowError) -> FlowError) -> Stop {
        match self {
            OfMany::Failed(error) => Stop::Failed(fail(kind(error, &[]), error)),
            OfMany::Other(Stop::DeadlineExceeded) => Stop::DeadlineExceeded,
            OfMany::Other(Stop::BudgetExceeded(limit)) => Stop::BudgetExceeded(*limit),
            OfMany::Other(Stop::Dropped { at }) => Stop::Dropped { at: at.clone() },
            OfMany::Other(Stop::Cancelled | Stop::Failed(_)) => Stop::Cancelled,
        }
    }
}

/// An ending for two who both are told of it.
pub(crate) fn twice(stop: Stop) -> (Stop, Stop) {
    let of_many = OfMany::from(stop);
    let again = |kind, error: &FlowError| FlowError::new(kind, spot(error));
    (of_many.stop(again), of_many.stop(again))
}

fn spot(error: &FlowError) -> Spot {
    Spot {
        path: error.path().to_owned(),
        place: error.place().to_owned(),
        node: error.node(),
        attempt: error.attempt(),
        attempts: error.attempts(),
        elapsed: error.elapsed(),
        trace_id: error.trace_id(),
    }
}

/// The error at `at`: the number of a branch's error inside `error`, the number of one inside that, and so on.
fn inside<'e>(error: &'e FlowError, at: &[usize]) -> &'e FlowError {
    at.iter().fold(error, |error, index| {
        let ErrorKind::JoinStarved { errors, .. } = error.kind() else { return error };
        errors.get(*index).unwrap_or(error)
    })
}

/// The kind of the error at `at` inside `error` again; what nodes failed with is shared.
fn kind(error: &Arc<FlowError>, at: &[usize]) -> ErrorKind {
    match inside(error, at).kind() {
        ErrorKind::Timeout(limit) => ErrorKind::Timeout(*limit),
        ErrorKind::Panic(text) => ErrorKind::Panic(text.clone()),
        ErrorKind::Invalid(violations) => ErrorKind::Invalid(violations.clone()),
        ErrorKind::TooManyItems { items, limit } => ErrorKind::TooManyItems { items: *items, limit: *limit },
        ErrorKind::BatchShape { expected, got } => ErrorKind::BatchShape { expected: *expected, got: *got },
        ErrorKind::HeadersChanged => ErrorKind::HeadersChanged,
        ErrorKind::Duplicate { first } => ErrorKind::Duplicate { first: *first },
        ErrorKind::JoinStarved { needed, errors } => {
            let branch = |(index, branch): (usize, &FlowError)| {
                FlowError::new(kind(error, &[at, &[index]].concat()), spot(branch))
            };
            ErrorKind::JoinStarved { needed: *needed, errors: errors.iter().enumerate().map(branch).collect() }
        }
        ErrorKind::Node(_) => ErrorKind::Node(Box::new(Shared { error: error.clone(), at: at.into() })),
    }
}

/// The error that many failures have in common.
struct Shared {
    error: Arc<FlowError>,
    at: Box<[usize]>,
}

/// The error behind one that is shared, or the error itself: who looks for a node's own error finds that.
pub(crate) fn own<'e>(source: &'e (dyn StdError + Send + Sync + 'static)) -> &'e (dyn StdError + 'static) {
    match source.downcast_ref::<Shared>() {
        Some(shared) => shared.own(),
        None => source,
    }
}

impl Shared {
    fn own(&self) -> &(dyn StdError + 'static) {
        let error = inside(&self.error, &self.at);
        if let ErrorKind::Node(source) = error.kind() { own(&**source) } else { error }
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.own(), f)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.own(), f)
    }
}

impl StdError for Shared {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.own().source()
    }
}
