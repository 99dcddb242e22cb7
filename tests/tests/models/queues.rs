//! The line before the workers, and the slot in which a piece of work travels.

use crate::floe::Floe;
use crate::slot::Slot;
use crate::sync::{Mutex, lock};
use crate::{either, explore, now, wait};
use shuttle::thread;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Waker};

/// semantics:18: everybody in the line is served once, leaves, or is given back when the line closes. Nobody sleeps on.
#[test]
fn whoever_stands_in_a_line_is_served_leaves_or_is_given_back_and_all_once() {
    explore(|| {
        let floe = Arc::new(Floe::new(2, 2));
        let workers: Vec<_> = (0..2)
            .map(|worker| {
                let floe = floe.clone();
                thread::spawn(move || {
                    let mut served = Vec::new();
                    while let Some(item) = wait(|task| floe.poll_take(worker, task)) {
                        served.push(item);
                        floe.done();
                    }
                    let left = floe.quit();
                    assert_eq!(left, Vec::<u32>::new(), "close has given them back");
                    served
                })
            })
            .collect();
        let senders: Vec<_> = (0..3_u32)
            .map(|n| {
                let floe = floe.clone();
                thread::spawn(move || match floe.put(n, now()) {
                    Ok(ticket) if either() => floe.remove(ticket),
                    Ok(_) => None,
                    Err(refused) => Some(refused),
                })
            })
            .collect();
        let closes_early = either();
        let mut seen = Vec::new();
        if closes_early {
            seen.extend(floe.close());
        }
        seen.extend(senders.into_iter().filter_map(|sender| sender.join().expect("sends")));
        if !closes_early {
            // What is still there is served before the workers go home.
            wait_until(|| floe.look(now()).inside == 0);
            seen.extend(floe.close());
        }
        seen.extend(workers.into_iter().flat_map(|worker| worker.join().expect("works")));
        seen.sort_unstable();
        assert_eq!(seen, [0, 1, 2]);
        assert_eq!(floe.look(now()).busy, 0);
    });
}

/// semantics:18: the order of service is that of arrival, with one worker.
#[test]
fn one_worker_serves_in_the_order_of_arrival() {
    explore(|| {
        let floe = Arc::new(Floe::new(1, 1));
        let worker = {
            let floe = floe.clone();
            thread::spawn(move || (0..4).map(|_| wait(|task| floe.poll_take(0, task))).collect::<Vec<_>>())
        };
        let sender = |numbers: [u32; 2]| {
            let floe = floe.clone();
            thread::spawn(move || numbers.map(|n| floe.put(n, now()).expect("is open")))
        };
        let (one, other) = (sender([0, 1]), sender([10, 11]));
        let (one, other) = (one.join().expect("sends"), other.join().expect("sends"));
        let mut arrived = [(one[0], 0), (one[1], 1), (other[0], 10), (other[1], 11)];
        arrived.sort_unstable();
        assert_eq!(worker.join().expect("works"), arrived.map(|(_, n)| Some(n)));
    });
}

/// semantics:18: a worker may be woken for nothing, and is then not called instead of one that is idle.
#[test]
fn an_idle_worker_is_called_whoever_else_was_woken() {
    explore(|| {
        let floe = Arc::new(Floe::new(3, 3));
        let wakers = Arc::new(Mutex::new(Vec::new()));
        let last = Arc::new(Flag::default());
        let workers: Vec<_> = (0..3)
            .map(|worker| {
                let (floe, wakers, last) = (floe.clone(), wakers.clone(), last.clone());
                thread::spawn(move || {
                    let take = |task: &mut Context<'_>| {
                        lock(&wakers).push(task.waker().clone());
                        floe.poll_take(worker, task)
                    };
                    while let Some(item) = wait(take) {
                        match item {
                            // All run until the last one has run, which two workers alone never come to.
                            0 | 1 => wait(|task| last.poll(task)),
                            _ => last.set(),
                        }
                        floe.done();
                    }
                })
            })
            .collect();
        let stirs = {
            let wakers = wakers.clone();
            thread::spawn(move || {
                for _ in 0..2 {
                    let woken: Vec<Waker> = lock(&wakers).drain(..).collect();
                    woken.into_iter().for_each(Waker::wake);
                }
            })
        };
        assert!((0..3).all(|n| floe.put(n, now()).is_ok()));
        wait(|task| last.poll(task));
        stirs.join().expect("wakes");
        assert_eq!(floe.close(), Vec::<u32>::new());
        workers.into_iter().for_each(|worker| worker.join().expect("works"));
    });
}

/// Set once; those who wait for it are woken.
#[derive(Default)]
struct Flag(Mutex<(bool, Vec<Waker>)>);

impl Flag {
    fn set(&self) {
        let mut state = lock(&self.0);
        state.0 = true;
        let waiting = std::mem::take(&mut state.1);
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }

    fn poll(&self, task: &mut Context<'_>) -> Poll<()> {
        let mut state = lock(&self.0);
        if state.0 {
            return Poll::Ready(());
        }
        state.1.push(task.waker().clone());
        Poll::Pending
    }
}

/// semantics:18: an answer arrives, or the work was taken back before anybody was at it; never both, never neither.
#[test]
fn a_piece_of_work_is_answered_or_taken_back() {
    explore(|| {
        let slot = Arc::new(Slot::new(7));
        let ran = Arc::new(AtomicUsize::new(0));
        let worker = {
            let (slot, ran) = (slot.clone(), ran.clone());
            thread::spawn(move || {
                if let Some(input) = slot.begin() {
                    ran.fetch_add(1, SeqCst);
                    slot.answer(input + 1);
                }
            })
        };
        let mut asks = either();
        let end = wait(|task| match slot.poll_answer(task) {
            Poll::Ready(answer) => Poll::Ready(Ok(answer)),
            Poll::Pending if std::mem::take(&mut asks) => match slot.take_back() {
                Some(input) => Poll::Ready(Err(input)),
                None => Poll::Pending,
            },
            Poll::Pending => Poll::Pending,
        });
        worker.join().expect("works");
        match end {
            Ok(answer) => assert_eq!((answer, ran.load(SeqCst)), (8, 1)),
            Err(input) => assert_eq!((input, ran.load(SeqCst)), (7, 0)),
        }
    });
}

/// semantics:18: who works without an end is told when nobody waits any more, and when to look up.
#[test]
fn whoever_works_is_told_of_a_nudge_and_of_the_end() {
    explore(|| {
        let slot = Arc::new(Slot::<u32, u32>::new(7));
        let halted = Arc::new(AtomicBool::new(false));
        let worker = {
            let (slot, halted) = (slot.clone(), halted.clone());
            thread::spawn(move || {
                if slot.begin().is_none() {
                    return;
                }
                // A node that never ends by itself, and looks at its trace's signal whenever it is polled.
                wait(|task| match slot.poll_over(task) || halted.load(SeqCst) {
                    true => Poll::Ready(()),
                    false => Poll::Pending,
                });
                slot.answer(0);
            })
        };
        if either() {
            slot.abandon();
        } else {
            halted.store(true, SeqCst);
            slot.nudge();
            if slot.take_back().is_none() {
                assert_eq!(wait(|task| slot.poll_answer(task)), 0);
            }
        }
        worker.join().expect("works");
    });
}

/// Waits until `met` holds; others go on in between.
pub(crate) fn wait_until(met: impl Fn() -> bool) {
    while !met() {
        thread::yield_now();
    }
}
