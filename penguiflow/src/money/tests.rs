//! Money is read and told exactly.

use super::{Money, MoneyError};
use proptest::prelude::*;

#[test]
fn what_is_no_amount_of_dollars_is_refused() {
    for text in ["", ".", "-1", "+1", "1e3", "1.2.3", ".5", "1.", "_1", "$", "0,5", "NaN", " 1"] {
        assert_eq!(text.parse::<Money>(), Err(MoneyError::NotDecimal), "{text:?}");
    }
    assert_eq!("0.0000000000001".parse::<Money>(), Err(MoneyError::TooFine));
    assert_eq!("18446745".parse::<Money>(), Err(MoneyError::TooLarge));
    assert_eq!("99999999999999999999999".parse::<Money>(), Err(MoneyError::TooLarge));
}

#[test]
fn sums_stay_inside_what_can_be_told() {
    assert_eq!(Money::MAX + Money::from_cents(1), Money::MAX);
    assert_eq!(Money::MAX.checked_add(Money::from_picos(1)), None);
    assert_eq!(Money::from_cents(1).saturating_sub(Money::from_cents(2)), Money::ZERO);
    assert_eq!(Money::from_picos(75_000).times(1_000), Money::from_micros(75));
}

#[test]
fn money_is_a_decimal_string_outside() {
    let half = Money::from_cents(50);
    assert_eq!(serde_json::to_value(half).expect("serialises"), "0.50");
    assert_eq!(serde_json::from_value::<Money>("0.5".into()).expect("reads"), half);
    assert!(serde_json::from_value::<Money>(0.5.into()).is_err(), "a float is no money");
}

#[test]
fn the_schema_is_that_of_a_decimal_string() {
    let schema = schemars::schema_for!(Vec<Money>);
    let expected = serde_json::json!({ "type": "string", "pattern": r"^\$?[0-9][0-9_]*(\.[0-9][0-9_]*)?$" });
    assert_eq!(schema.get("items"), Some(&expected));
}

proptest! {
    #[test]
    fn each_amount_is_read_as_it_was_told(picos: u64) {
        let money = Money::from_picos(picos);
        prop_assert_eq!(money.to_string().parse::<Money>(), Ok(money));
    }
}
