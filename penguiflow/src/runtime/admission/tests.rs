//! Places are taken in order, never twice, and none is lost by those who give up.

use super::places::{NoPlace, Places};
use futures_util::future::join_all;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

fn poll<Fut: Future>(waiting: &mut Pin<&mut Fut>) -> Poll<Fut::Output> {
    waiting.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn no_more_are_taken_than_there_are() {
    let places = Places::new(2);
    assert_eq!([places.try_take(), places.try_take(), places.try_take()], [Ok(()), Ok(()), Err(NoPlace::Full)]);
    places.give();
    assert_eq!((places.taken(), places.try_take(), places.taken()), (1, Ok(()), 2));
}

#[tokio::test]
async fn who_waits_first_is_served_first_and_nobody_passes_by() {
    let places = Places::new(1);
    assert_eq!(places.try_take(), Ok(()));
    let (mut first, mut second) = (pin!(places.take()), pin!(places.take()));
    assert_eq!([poll(&mut first), poll(&mut second)], [Poll::Pending; 2]);
    places.give();
    assert_eq!(places.try_take(), Err(NoPlace::Full), "the place belongs to who waits");
    assert_eq!(poll(&mut second), Poll::Pending);
    assert_eq!(poll(&mut first), Poll::Ready(Ok(())));
    assert_eq!(places.taken(), 1);
    places.give();
    assert_eq!(poll(&mut second), Poll::Ready(Ok(())));
    places.give();
    assert_eq!((places.taken(), places.try_take()), (0, Ok(())));
}

#[tokio::test]
async fn who_gives_up_waiting_takes_no_place_along() {
    let places = Places::new(1);
    assert_eq!(places.try_take(), Ok(()));
    {
        let (mut served, mut next) = (pin!(places.take()), pin!(places.take()));
        assert_eq!([poll(&mut served), poll(&mut next)], [Poll::Pending; 2]);
        places.give();
        // Dropped here although the place is theirs already.
    }
    assert_eq!((places.taken(), places.try_take()), (0, Ok(())));
}

#[tokio::test]
async fn closing_tells_who_waits_and_idle_comes_with_the_last_place() {
    let places = Places::new(1);
    assert_eq!(places.try_take(), Ok(()));
    let (mut waiter, mut idle) = (pin!(places.take()), pin!(places.idle()));
    assert_eq!(poll(&mut waiter), Poll::Pending);
    places.close();
    assert_eq!(poll(&mut waiter), Poll::Ready(Err(NoPlace::Closed)));
    assert_eq!(places.try_take(), Err(NoPlace::Closed));
    assert_eq!(poll(&mut idle), Poll::Pending);
    places.give();
    assert_eq!(poll(&mut idle), Poll::Ready(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_threads_share_a_few_places() {
    const PLACES: usize = 3;
    let (places, inside) = (Arc::new(Places::new(PLACES)), Arc::new(AtomicUsize::new(0)));
    let tasks = (0..8).map(|_| {
        let (places, inside) = (places.clone(), inside.clone());
        tokio::spawn(async move {
            for _ in 0..2_000 {
                if places.try_take().is_err() {
                    places.take().await.expect("is open");
                }
                let others = inside.fetch_add(1, Ordering::SeqCst);
                assert!(others < PLACES, "{others} others are inside");
                tokio::task::yield_now().await;
                inside.fetch_sub(1, Ordering::SeqCst);
                places.give();
            }
        })
    });
    join_all(tasks).await.into_iter().for_each(|task| task.expect("no task fails"));
    assert_eq!(places.taken(), 0);
    assert_eq!([places.try_take(), places.try_take(), places.try_take()], [Ok(()); PLACES]);
}
