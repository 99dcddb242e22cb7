//! The places of running traces.

use crate::places::{NoPlace, Places};
use crate::queues::wait_until;
use crate::{either, explore};
use shuttle::thread;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Waker};

/// Takes a place, holds it, and gives it back.
fn visit(places: &Places, inside: &AtomicUsize, all: usize) -> bool {
    let taken = match places.try_take() {
        Err(NoPlace::Full) => shuttle::future::block_on(places.take()),
        done => done,
    };
    if taken.is_err() {
        return false;
    }
    assert!(inside.fetch_add(1, SeqCst) < all, "more inside than there are places");
    thread::yield_now();
    inside.fetch_sub(1, SeqCst);
    places.give();
    true
}

/// semantics:33: never more inside than there are places, nobody waits for ever, and no place is lost.
#[test]
fn places_are_neither_lost_nor_given_twice() {
    explore(|| {
        let (places, inside) = (Arc::new(Places::new(1)), Arc::new(AtomicUsize::new(0)));
        let visitors: Vec<_> = (0..3)
            .map(|_| {
                let (places, inside) = (places.clone(), inside.clone());
                thread::spawn(move || {
                    if either() {
                        // One who gives up while waiting passes the place on.
                        let mut gives_up = pin!(places.take());
                        if gives_up.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
                            places.give();
                        }
                    }
                    assert!(visit(&places, &inside, 1));
                })
            })
            .collect();
        visitors.into_iter().for_each(|visitor| visitor.join().expect("visits"));
        assert_eq!((places.taken(), places.try_take()), (0, Ok(())));
    });
}

/// semantics:33: behind a closed door nobody waits, and who waits until all are out is told.
#[test]
fn a_closed_door_tells_those_who_wait_and_is_idle_when_all_are_out() {
    explore(|| {
        let (places, inside) = (Arc::new(Places::new(1)), Arc::new(AtomicUsize::new(0)));
        let visitors: Vec<_> = (0..2)
            .map(|_| {
                let (places, inside) = (places.clone(), inside.clone());
                thread::spawn(move || visit(&places, &inside, 1))
            })
            .collect();
        places.close();
        shuttle::future::block_on(places.idle());
        assert_eq!(places.try_take(), Err(NoPlace::Closed));
        visitors.into_iter().for_each(|visitor| {
            visitor.join().expect("visits");
        });
        wait_until(|| places.taken() == 0);
        assert_eq!(inside.load(SeqCst), 0);
    });
}
