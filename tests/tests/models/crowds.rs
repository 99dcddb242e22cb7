//! The bell of one of a crowd, which many may ring.

use crate::bell::Bell;
use crate::{explore, wait};
use shuttle::sync::atomic::AtomicUsize;
use shuttle::thread;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Poll, Waker};

const RINGERS: usize = 3;

/// semantics:7: what was done before the bell rang is seen by a poll behind it, and no more polls are due than rings.
#[test]
fn a_ring_of_the_bell_of_one_of_a_crowd_is_never_lost() {
    explore(|| {
        let (bell, done) = (Arc::new(Bell::new()), Arc::new(AtomicUsize::new(0)));
        let ringers = [(); RINGERS].map(|()| {
            let (waker, done) = (Waker::from(bell.clone()), done.clone());
            thread::spawn(move || {
                done.fetch_add(1, SeqCst);
                waker.wake();
            })
        });
        let mut polls = 0;
        wait(|task| {
            if !bell.was_rung(task.waker()) {
                return Poll::Pending;
            }
            polls += 1;
            if done.load(SeqCst) == RINGERS { Poll::Ready(()) } else { Poll::Pending }
        });
        assert!((1..=RINGERS + 1).contains(&polls), "{polls} polls");
        ringers.into_iter().for_each(|ringer| ringer.join().expect("rings"));
    });
}
