//! What is polled on behalf of a trace sees what the trace was asked.

use crate::clock::Seam;
use crate::graph::scope::{Halt, Scope};
use crate::message::Headers;
use crate::runtime::root::poll_seeing;
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// semantics:18: a hop that is polled first looks at nothing but its node.
#[test]
fn what_was_asked_during_a_poll_is_seen_in_the_next_one() {
    let seam = Seam::seeded(0);
    let scope = Scope::new(seam.trace_id(), Headers::default(), seam.now(), None);
    let (mut seen, mut polls) = (scope.halt(), 0);
    let work = pin!(poll_fn(|_| {
        polls += 1;
        match polls {
            1 => {
                scope.ask(Halt::Cancelled);
                Poll::Pending
            }
            _ => Poll::Ready(scope.halt()),
        }
    }));
    let polled = poll_seeing(&scope, &mut seen, work, &mut Context::from_waker(Waker::noop()));
    assert_eq!(polled, Poll::Ready(Some(Halt::Cancelled)));
}

#[test]
fn what_was_seen_already_is_no_reason_to_poll_again() {
    let seam = Seam::seeded(0);
    let scope = Scope::new(seam.trace_id(), Headers::default(), seam.now(), None);
    scope.ask(Halt::Cancelled);
    let (mut seen, mut polls) = (scope.halt(), 0);
    let work = pin!(poll_fn(|_| {
        polls += 1;
        Poll::<()>::Pending
    }));
    assert!(poll_seeing(&scope, &mut seen, work, &mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(polls, 1);
}
