//! The signal that ends a trace, and what ends with it.

use crate::life::{HAS_TASKS, Life, Tied};
use crate::signal::{Halt, Signal};
use crate::sync::Notify;
use crate::{either, explore, wait};
use shuttle::thread;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::task::Poll;

/// Who listens, made when somebody does first, as in a trace.
#[derive(Default)]
struct Listeners(OnceLock<Notify>);

/// core:W-4: whoever polls a trace, and whoever waits for its end, is woken; the stronger reason stays.
#[test]
fn whoever_watches_a_trace_learns_of_its_end() {
    explore(|| {
        let (signal, listeners) = (Arc::new(Signal::default()), Arc::new(Listeners::default()));
        let root = {
            let signal = signal.clone();
            // As a trace's root does: poll the body, register, and look again.
            thread::spawn(move || {
                wait(|task| {
                    let seen = signal.halt();
                    if seen.is_some() {
                        return Poll::Ready(());
                    }
                    signal.watch(task.waker());
                    if signal.halt() == seen { Poll::Pending } else { Poll::Ready(()) }
                });
            })
        };
        let listener = {
            let (signal, listeners) = (signal.clone(), listeners.clone());
            thread::spawn(move || {
                shuttle::future::block_on(signal.halted(listeners.0.get_or_init(Notify::new)));
                assert!(signal.halt().is_some());
            })
        };
        let other = {
            let (signal, listeners) = (signal.clone(), listeners.clone());
            thread::spawn(move || either() && signal.ask(Halt::Failing, || listeners.0.get()))
        };
        let first = signal.ask(Halt::Cancelled, || listeners.0.get());
        let failing = other.join().expect("asks");
        assert!(first, "nothing is stronger");
        assert!(!failing || signal.halt() == Some(Halt::Cancelled));
        assert!(!signal.ask(Halt::Expired, || listeners.0.get()));
        root.join().expect("polls");
        listener.join().expect("listens");
        assert_eq!(signal.halt(), Some(Halt::Cancelled));
    });
}

/// A trace, as far as it ends what is tied to it.
#[derive(Default)]
struct Ending {
    life: Life,
    tasks: Tied<Arc<AtomicUsize>>,
}

/// core:W-28: what is tied to a trace while it ends is ended as what was tied before, once.
#[test]
fn whatever_is_tied_to_a_trace_is_ended_once() {
    explore(|| {
        let abort = |task: Arc<AtomicUsize>| {
            task.fetch_add(1, SeqCst);
        };
        let (ending, tasks) = (Arc::new(Ending::default()), [(); 3].map(|()| Arc::new(AtomicUsize::new(0))));
        let tying: Vec<_> = tasks
            .iter()
            .cloned()
            .map(|task| {
                let ending = ending.clone();
                // The last handle of the trace may go before it ends, or behind that.
                thread::spawn(move || ending.tasks.tie(&ending.life, task, |task| task.load(SeqCst) > 0, abort))
            })
            .collect();
        if ending.life.end(Arc::strong_count(&ending) == 1) & HAS_TASKS != 0 {
            ending.tasks.end(abort);
        }
        tying.into_iter().for_each(|tie| tie.join().expect("ties"));
        assert_eq!(tasks.map(|task| task.load(SeqCst)), [1; 3]);
    });
}
