//! What is gathered with what, and when a batch is told.

use super::gather::{Gather, Joined, Tenant};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Wake, Waker};

#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

fn tenant(name: &str) -> Tenant {
    Some(name.into())
}

#[test]
fn a_batch_is_sealed_by_its_last_item_and_the_next_one_begins_another() {
    let (gather, woken) = (Gather::new(2), Arc::new(Woken::default()));
    let waker = Waker::from(woken.clone());
    let first = gather.join(None, 1);
    assert!(first.is_first && !first.batch.poll_sealed(&mut Context::from_waker(&waker)));
    let second = gather.join(None, 2);
    assert!(!second.is_first && Arc::ptr_eq(&first.batch, &second.batch));
    assert!(first.batch.poll_sealed(&mut Context::from_waker(&waker)));
    assert_eq!(woken.0.load(SeqCst), 1);
    let third = gather.join(None, 3);
    assert!(third.is_first && !Arc::ptr_eq(&first.batch, &third.batch));
    assert_eq!((gather.seal(&first.batch), gather.seal(&third.batch)), (vec![1, 2], vec![3]));
}

#[test]
fn tenants_have_batches_of_their_own_and_none_is_one_of_them() {
    let gather = Gather::new(8);
    let joined: Vec<Joined<u32>> = [tenant("acme"), None, tenant("bolt"), tenant("acme"), None]
        .into_iter()
        .zip(0..)
        .map(|(tenant, n)| gather.join(tenant, n))
        .collect();
    assert_eq!(joined.iter().map(|joined| joined.is_first).collect::<Vec<_>>(), [true, true, true, false, false]);
    let sealed: Vec<_> = joined[..3].iter().map(|joined| gather.seal(&joined.batch)).collect();
    assert_eq!(sealed, [vec![0, 3], vec![1, 4], vec![2]]);
}

#[test]
fn an_item_of_one_is_a_full_batch() {
    let gather = Gather::new(1);
    let (one, other) = (gather.join(None, 1), gather.join(None, 2));
    assert!(one.is_first && other.is_first);
    assert_eq!((gather.seal(&one.batch), gather.seal(&other.batch)), (vec![1], vec![2]));
}

#[test]
fn who_leaves_before_the_batch_goes_frees_its_place() {
    let gather = Gather::new(2);
    let one = gather.join(None, 1);
    let other = gather.join(None, 2);
    let third = gather.join(None, 3);
    assert_eq!(gather.leave(&third.batch, third.ticket), Some(3));
    let fourth = gather.join(None, 4);
    assert!(fourth.is_first, "the third was alone, so its batch is over");
    assert_eq!(gather.leave(&one.batch, one.ticket), None, "the batch is full");
    assert_eq!(gather.seal(&other.batch), [1, 2]);
    let fifth = gather.join(None, 5);
    assert_eq!(gather.seal(&fifth.batch), [4, 5]);
}

#[test]
fn the_batch_is_told_when_nobody_is_left() {
    let (gather, woken) = (Gather::new(2), Arc::new(Woken::default()));
    let waker = Waker::from(woken.clone());
    let (one, other) = (gather.join(None, 1), gather.join(None, 2));
    assert_eq!(gather.seal(&one.batch), [1, 2]);
    assert!(!one.batch.poll_left(&mut Context::from_waker(&waker)));
    assert_eq!(gather.leave(&one.batch, one.ticket), None);
    assert_eq!(woken.0.load(SeqCst), 0);
    assert_eq!(gather.leave(&other.batch, other.ticket), None);
    assert_eq!(woken.0.load(SeqCst), 1);
    assert!(one.batch.poll_left(&mut Context::from_waker(&waker)));
}
