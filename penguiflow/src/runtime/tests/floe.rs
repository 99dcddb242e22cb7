//! Who is served when, and who is given back.

use crate::clock::{Seam, millis};
use crate::runtime::floe::{Floe, Look};
use futures_util::task::noop_waker;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

fn take(floe: &Floe<u32>, worker: usize) -> Poll<Option<u32>> {
    floe.poll_take(worker, &mut Context::from_waker(&noop_waker()))
}

#[test]
fn the_line_is_served_in_the_order_of_arrival() {
    let (floe, now) = (Floe::new(2, 1), Seam::seeded(0).now());
    for n in 0..5 {
        assert!(floe.put(n, now).is_ok());
    }
    let served: Vec<_> = std::iter::from_fn(|| match take(&floe, 0) {
        Poll::Ready(n) => n,
        Poll::Pending => None,
    })
    .collect();
    assert_eq!(served, [0, 1, 2, 3, 4]);
    assert_eq!(take(&floe, 0), Poll::Pending);
}

#[test]
fn who_leaves_makes_room_for_the_first_before_the_line() {
    let (floe, now) = (Floe::new(2, 1), Seam::seeded(0).now());
    let tickets: Vec<_> = (0..4).map(|n| floe.put(n, now).expect("is open")).collect();
    let look = |inside, before| Look { inside, before, busy: 0, longest: Duration::ZERO };
    assert_eq!(floe.look(now), look(2, 2));
    assert_eq!(floe.remove(tickets[1]), Some(1));
    assert_eq!((floe.look(now), floe.remove(tickets[1])), (look(2, 1), None));
    assert_eq!([0, 2, 3].map(|_| take(&floe, 0)), [0, 2, 3].map(|n| Poll::Ready(Some(n))));
    assert_eq!(floe.remove(tickets[3]), None, "it is served already");
}

#[test]
fn the_longest_wait_is_that_of_the_first() {
    let (floe, now) = (Floe::new(2, 1), Seam::seeded(0).now());
    assert!(floe.put(0, now).is_ok() && floe.put(1, now + millis(20)).is_ok());
    assert_eq!(floe.look(now + millis(50)).longest, millis(50));
    assert_eq!(take(&floe, 0), Poll::Ready(Some(0)));
    let look = floe.look(now + millis(50));
    assert_eq!((look.longest, look.busy), (millis(30), 1));
    floe.done();
    assert_eq!(floe.look(now).busy, 0);
}

#[test]
fn each_arrival_wakes_one_idle_worker() {
    let (floe, now) = (Floe::new(8, 2), Seam::seeded(0).now());
    let woken = [Arc::new(Woken::default()), Arc::new(Woken::default())];
    for (worker, woken) in woken.iter().enumerate() {
        let waker = Waker::from(woken.clone());
        assert_eq!(floe.poll_take(worker, &mut Context::from_waker(&waker)), Poll::Pending);
    }
    let counts = || woken.each_ref().map(|woken| woken.0.load(SeqCst));
    assert!(floe.put(0, now).is_ok());
    assert_eq!(counts(), [1, 0]);
    assert!(floe.put(1, now).is_ok());
    assert_eq!(counts(), [1, 1]);
    assert!(floe.put(2, now).is_ok());
    assert_eq!(counts(), [1, 1], "nobody is idle");
}

#[test]
fn a_closed_line_gives_everybody_back_and_sends_the_workers_home() {
    let (floe, now) = (Floe::new(1, 1), Seam::seeded(0).now());
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(woken.clone());
    assert_eq!(floe.poll_take(0, &mut Context::from_waker(&waker)), Poll::Pending);
    assert!(floe.put(0, now).is_ok() && floe.put(1, now).is_ok());
    assert_eq!(floe.close(), [0, 1]);
    assert_eq!((floe.put(2, now), take(&floe, 0)), (Err(2), Poll::Ready(None)));
    assert_eq!(woken.0.load(SeqCst), 1);
}

#[test]
fn a_line_without_workers_is_closed() {
    let (floe, now) = (Floe::<u32>::new(1, 2), Seam::seeded(0).now());
    assert!(floe.put(0, now).is_ok());
    assert_eq!(floe.quit(), Vec::<u32>::new());
    assert!(floe.put(1, now).is_ok());
    assert_eq!(floe.quit(), [0, 1]);
    assert_eq!(floe.put(2, now), Err(2));
}

#[test]
fn a_worker_that_came_without_being_called_is_not_called_instead_of_an_idle_one() {
    let (floe, now) = (Floe::new(8, 2), Seam::seeded(0).now());
    let woken = [Arc::new(Woken::default()), Arc::new(Woken::default())];
    let poll = |worker: usize| {
        let waker = Waker::from(woken[worker].clone());
        floe.poll_take(worker, &mut Context::from_waker(&waker))
    };
    assert_eq!([poll(0), poll(1)], [Poll::Pending, Poll::Pending]);
    assert!(floe.put(0, now).is_ok());
    // The first one was called, but the second one is there before it.
    assert_eq!([poll(1), poll(0)], [Poll::Ready(Some(0)), Poll::Pending]);
    assert!(floe.put(1, now).is_ok());
    assert_eq!(woken.each_ref().map(|woken| woken.0.load(SeqCst)), [2, 0], "the second one is busy");
    assert!(floe.put(2, now).is_ok());
    assert_eq!(woken.each_ref().map(|woken| woken.0.load(SeqCst)), [2, 0], "nobody else is idle");
}
