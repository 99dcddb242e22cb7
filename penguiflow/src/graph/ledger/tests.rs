//! A ledger never gives more than its budget has.

use super::Ledger;
use crate::error::Limit;
use crate::message::{Budget, Cost};
use crate::money::Money;
use proptest::prelude::*;

#[test]
fn a_cost_is_taken_whole_or_not_at_all() {
    let ledger = Ledger::new(&Budget::new().tokens(10).usd(Money::from_cents(1)));
    let dear = Cost::tokens(4).and_usd(Money::from_cents(2));
    assert_eq!(ledger.reserve(dear), Err(Limit::Usd));
    assert_eq!(ledger.spent(), Cost::default(), "the tokens were given back");
    assert_eq!(ledger.reserve(Cost::tokens(10)), Ok(()));
    assert_eq!(ledger.reserve(Cost::tokens(1)), Err(Limit::Tokens));
}

#[test]
fn threads_that_reserve_at_once_get_no_more_than_there_is() {
    let ledger = Ledger::new(&Budget::new().tokens(1_000));
    let got: u64 = std::thread::scope(|scope| {
        let take = || (0..1_000).filter(|_| ledger.reserve(Cost::tokens(3)).is_ok()).count() as u64;
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(take)).collect();
        threads.into_iter().map(|thread| thread.join().expect("does not panic")).sum()
    });
    assert_eq!((got, ledger.spent().tokens), (333, 999));
}

proptest! {
    #[test]
    fn what_was_settled_is_what_is_spent(limit in 1u64..1_000, asks in prop::collection::vec((0u64..200, 0u64..300), 0..40)) {
        let ledger = Ledger::new(&Budget::new().tokens(limit));
        let mut spent = 0u64;
        for (reserved, actual) in asks {
            let fits = spent <= limit && (reserved == 0 || spent + reserved <= limit);
            prop_assert_eq!(ledger.reserve(Cost::tokens(reserved)).is_ok(), fits);
            if fits {
                ledger.settle(Cost::tokens(reserved), Cost::tokens(actual));
                spent += actual;
            }
            prop_assert_eq!(ledger.spent().tokens, spent);
            prop_assert_eq!(ledger.left().tokens, Some(limit.saturating_sub(spent)));
            prop_assert_eq!(ledger.hop().is_err(), spent > limit);
        }
    }
}
