//! The gathering of items into batches.

use crate::gather::Gather;
use crate::{either, explore, wait};
use shuttle::sync::Mutex;
use shuttle::thread;
use std::sync::Arc;
use std::task::Poll;

/// semantics:19: each item goes with one batch, or has left before; no batch is too big, none waits for nobody.
#[test]
fn each_item_goes_with_one_batch_or_leaves_it() {
    explore(|| {
        let gather = Arc::new(Gather::new(2));
        let batches = Arc::new(Mutex::new(Vec::new()));
        let members: Vec<_> = (0..3_u32)
            .map(|n| {
                let (gather, batches) = (gather.clone(), batches.clone());
                thread::spawn(move || {
                    let tenant = (n == 2 && either()).then(|| "acme".into());
                    let joined = gather.join(tenant, n);
                    let lead = joined.is_first.then(|| {
                        let (gather, batch, batches) = (gather.clone(), joined.batch.clone(), batches.clone());
                        let timer_is_over = either();
                        thread::spawn(move || {
                            wait(|task| match timer_is_over || batch.poll_sealed(task) {
                                true => Poll::Ready(()),
                                false => Poll::Pending,
                            });
                            let items = gather.seal(&batch);
                            assert!(items.len() <= 2);
                            batches.lock().expect("no panic").push(items);
                            // The node runs until nobody waits for it.
                            wait(|task| match batch.poll_left(task) {
                                true => Poll::Ready(()),
                                false => Poll::Pending,
                            });
                        })
                    });
                    let left = gather.leave(&joined.batch, joined.ticket);
                    lead.into_iter().for_each(|lead| lead.join().expect("leads"));
                    left
                })
            })
            .collect();
        let mut seen: Vec<u32> = members.into_iter().filter_map(|member| member.join().expect("joins")).collect();
        for batch in batches.lock().expect("no panic").iter() {
            seen.extend(batch);
        }
        seen.sort_unstable();
        assert_eq!(seen, [0, 1, 2]);
    });
}
