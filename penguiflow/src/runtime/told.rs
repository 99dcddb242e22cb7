//! What expansions tell observers: which arm a router has chosen, and that branches have met.

use crate::event::EventKind;
use crate::graph::context::Cx;

/// A router has chosen.
#[inline]
pub fn took<S>(cx: &Cx<'_, S>, place: u32, router: &'static str, arm: &'static str) {
    if cx.scope.tap().is_some() {
        cx.site().tell((router, Some(place), 0), || EventKind::RouteChosen { arm });
    }
}

/// Branches have met.
#[inline]
pub fn met<S>(cx: &Cx<'_, S>, place: u32, word: &'static str, branches: usize) {
    if cx.scope.tap().is_some() {
        cx.site().tell((word, Some(place), 0), || EventKind::JoinComplete { branches });
    }
}
