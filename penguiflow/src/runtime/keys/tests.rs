//! What is kept is bounded, in number and in time.

use super::*;
use crate::clock::{Seam, secs};
use std::sync::Arc;

fn key(tenant: Option<&str>, key: &str) -> Key {
    Key { tenant: tenant.map(Into::into), key: Arc::new(key.to_owned()) }
}

fn id(bits: u128) -> TraceId {
    TraceId::from_u128(bits)
}

#[test]
fn the_oldest_of_the_ended_ones_goes_first_and_those_that_run_stay() {
    let (keys, now) = (Keys::new(2, secs(60)), Seam::seeded(0).now());
    let [a, b, c, runs] = ["a", "b", "c", "runs"].map(|name| key(None, name));
    for (n, key) in [&runs, &a, &b, &c].into_iter().enumerate() {
        assert_eq!(keys.enter(key, id(n as u128), now), Ok(()));
    }
    for key in [&b, &a, &c] {
        keys.end(key, now);
    }
    let found = [&runs, &a, &b, &c].map(|key| keys.find(key, now).is_some());
    assert_eq!(found, [true, true, false, true]);
    assert_eq!(keys.known(now).ended.len(), 2);
    assert_eq!(keys.known(now).traces.len(), 3);
}

#[test]
fn an_ended_one_is_forgotten_when_its_time_is_over_and_takes_no_room_any_more() {
    let (keys, now) = (Keys::new(10, secs(60)), Seam::seeded(0).now());
    let (a, b) = (key(None, "a"), key(Some("acme"), "a"));
    assert_eq!((keys.enter(&a, id(1), now), keys.enter(&b, id(2), now)), (Ok(()), Ok(())));
    assert_eq!(keys.enter(&a, id(3), now), Err(id(1)));
    keys.end(&a, now);
    keys.end(&b, now + secs(30));
    assert_eq!(keys.find(&a, now + secs(59)), Some(id(1)));
    assert_eq!(keys.find(&a, now + secs(60)), None);
    assert_eq!(keys.known(now + secs(60)).traces.len(), 1);
    assert_eq!(keys.enter(&a, id(4), now + secs(60)), Ok(()));
    assert_eq!(keys.find(&b, now + secs(90)), None);
    assert_eq!(keys.find(&a, now + secs(9_000)), Some(id(4)), "it runs");
    keys.forget(&a, now);
    assert!(keys.known(now).traces.is_empty() && keys.known(now).ended.is_empty());
}
