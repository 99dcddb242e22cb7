//! Holds what a call costs: exactly, never nothing for something, and never less than nothing.

use super::{Above, Bill, OutputMode, Price, Profile};
use crate::llm::chat::usage::Usage;
use crate::money::Money;
use proptest::prelude::*;

fn dollars(text: &str) -> Money {
    text.parse().unwrap()
}

fn price() -> Price {
    Price::per_million(dollars("3"), dollars("15")).with_cached(dollars("0.30")).with_cache_written(dollars("3.75"))
}

fn tiered() -> Price {
    let above = Price::per_million(dollars("6"), dollars("22.50")).with_cached(dollars("0.60"));
    Price { above: Some(Box::new(Above { tokens: 200_000, price: above })), ..price() }
}

#[test]
fn each_kind_of_token_has_its_price() {
    let bill = price().of(Usage::new(1_000_000, 100_000).with_cached(600_000, 100_000).with_reasoning(90_000));
    assert_eq!((bill.input, bill.cached, bill.cache_written), (dollars("0.90"), dollars("0.18"), dollars("0.375")));
    assert_eq!((bill.output, bill.total()), (dollars("1.50"), dollars("2.955")), "thoughts are among what is written");
}

#[test]
fn what_is_kept_for_an_hour_has_its_own_price() {
    let price = price().with_cache_written_hour(dollars("6"));
    let usage = Usage::new(1_000_000, 0).with_cached(0, 300_000).with_cached_for_an_hour(100_000);
    assert_eq!(price.of(usage).cache_written, dollars("1.35"));
    assert_eq!(price.of(usage.with_cached_for_an_hour(u64::MAX)).cache_written, dollars("1.80"));
    assert_eq!(price.worst(1_000_000, 0), dollars("6"));
    // Where nothing is said, as for minutes.
    assert_eq!(self::price().of(usage).cache_written, dollars("1.125"));
}

#[test]
fn tokens_of_a_cache_cost_as_others_where_nothing_is_said() {
    let plain = Price::per_million(dollars("2"), dollars("8"));
    let usage = Usage::new(1_000, 0);
    assert_eq!(plain.of(usage.with_cached(400, 300)).total(), plain.of(usage).total());
}

#[test]
fn a_provider_that_tells_more_cached_tokens_than_read_ones_is_not_paid_for_them() {
    let bill = price().of(Usage::new(10, 0).with_cached(1_000, 1_000));
    assert_eq!((bill.input, bill.cache_written), (Money::ZERO, Money::ZERO));
    assert_eq!(bill.cached, Money::from_picos(10 * 300_000));
    let bill = price().of(Usage::new(10, 0).with_cached(4, u64::MAX));
    assert_eq!((bill.input, bill.cache_written), (Money::ZERO, Money::from_picos(6 * 3_750_000)));
}

#[test]
fn above_its_limit_all_tokens_have_the_other_price() {
    let at = tiered().of(Usage::new(200_000, 1_000)).total();
    let above = tiered().of(Usage::new(200_001, 1_000).with_cached(100_001, 0));
    assert_eq!(at, dollars("0.615"));
    assert_eq!((above.input, above.cached, above.output), (dollars("0.60"), dollars("0.0600006"), dollars("0.0225")));
    assert_eq!(tiered().of(Usage::new(200_001, 0).with_cached(0, 1)).cache_written, Money::from_picos(6_000_000));
}

#[test]
fn the_smallest_price_is_not_nothing() {
    let tiny = Price::per_million(Money::from_picos(1), Money::from_picos(999_999));
    assert_eq!((tiny.input, tiny.output), (Money::from_picos(1), Money::from_picos(1)));
    assert_eq!(tiny.of(Usage::new(3, 2)).total(), Money::from_picos(5));
    let exact = Price::per_million(dollars("0.003625"), dollars("0.075"));
    assert_eq!((exact.input.picos(), exact.output.picos()), (3_625, 75_000));
    let free = Price::per_million(Money::ZERO, Money::ZERO);
    assert_eq!(free.of(Usage::new(u64::MAX, u64::MAX)).total(), Money::ZERO);
}

#[test]
fn what_is_too_much_stays_at_the_most() {
    let bill = price().of(Usage::new(u64::MAX, u64::MAX).with_cached(u64::MAX / 2, u64::MAX / 4));
    assert_eq!(bill.total(), Money::MAX);
    assert_eq!(price().worst(u64::MAX, u64::MAX), Money::MAX);
    assert_eq!((bill + bill).total(), Money::MAX);
}

#[test]
fn bills_add_up() {
    let (first, second) = (price().of(Usage::new(100, 10)), price().of(Usage::new(7, 3).with_cached(5, 1)));
    let both = first + second;
    assert_eq!(both.total(), first.total() + second.total());
    assert_eq!((both.input, both.cached), (first.input + second.input, second.cached));
    assert_eq!(Bill::default() + both, both);
}

#[test]
fn what_is_not_known_is_taken_as_a_model_of_today_would_have_it() {
    let profile = Profile::default();
    assert_eq!(profile.mode, OutputMode::Tool);
    let able =
        [profile.json, profile.tools, profile.forced_tool, profile.streaming, profile.temperature, profile.system];
    let unable = [profile.native_schema, profile.images, profile.audio, profile.think_tags];
    assert_eq!((able, unable), ([true; 6], [false; 4]));
    let most = [profile.context_tokens, profile.output_tokens, profile.image_tokens];
    assert_eq!((most, profile.tools_max, profile.schema_keys_max, profile.price), ([None; 3], None, None, None));
}

#[test]
fn a_profile_says_only_what_differs() {
    let profile: Profile =
        serde_json::from_str(r#"{"mode":"native","price":{"input":"2.50","output":"10","cached":"1.25"}}"#).unwrap();
    assert_eq!((profile.mode, profile.tools), (OutputMode::Native, true));
    let price = profile.price.unwrap();
    assert_eq!((price.input.picos(), price.cached), (2_500_000, Some(Money::from_picos(1_250_000))));
    assert!(serde_json::from_str::<Profile>(r#"{"moode":"native"}"#).is_err());
    assert!(serde_json::from_str::<Profile>(r#"{"price":{"input":2.5,"output":10}}"#).is_err(), "floats are not exact");
}

fn any_price() -> impl Strategy<Value = Price> {
    let money = || (0_u64..200_000_000).prop_map(Money::from_micros);
    let other = || prop::option::of(money());
    let flat = (money(), money(), other(), other()).prop_map(|(input, output, cached, written)| {
        let price = Price::per_million(input, output);
        let price = cached.into_iter().fold(price, Price::with_cached);
        written.into_iter().fold(price, Price::with_cache_written)
    });
    (flat.clone(), prop::option::of((1_u64..300_000, flat))).prop_map(|(price, above)| Price {
        above: above.map(|(tokens, price)| Box::new(Above { tokens, price })),
        ..price
    })
}

proptest! {
    #[test]
    fn no_call_costs_more_than_the_worst(
        price in any_price(), most in 0_u64..400_000, written in 0_u64..100_000, share in (0_u64..=100, 0_u64..=100, 0_u64..=100, 0_u64..=100),
    ) {
        let part = |of: u64, share: u64| of * share / 100;
        let input = part(most, share.0);
        let usage = Usage::new(input, part(written, share.1)).with_cached(part(input, share.2), part(input, share.3));
        prop_assert!(price.of(usage).total() <= price.worst(most, written));
    }
}
