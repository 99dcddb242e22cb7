//! What is secret is shown by `expose` alone, and does not outlive its owner.

use std::cell::Cell;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Secret, Wipe};

#[test]
fn no_format_shows_the_value() {
    let secret = Secret::from("sk-123");
    let nested = Some((1, &secret));
    for shown in [format!("{secret}"), format!("{secret:?}"), format!("{secret:#?}"), format!("{nested:#?}")] {
        assert!(shown.contains("[redacted]"), "{shown}");
        assert!(!shown.contains("sk-123"), "{shown}");
    }
}

#[test]
fn a_secret_is_neither_serialisable_nor_comparable() {
    // Were a trait implemented, the call below it would be ambiguous and this file would not compile.
    trait No<Marker> {
        fn holds() -> bool {
            true
        }
    }
    impl<T> No<()> for T {}
    impl<T: Serialize> No<[(); 1]> for T {}
    impl<T: PartialEq> No<[(); 2]> for T {}
    assert!(<Secret as No<_>>::holds());
    assert!(<Secret<Vec<u8>> as No<_>>::holds());
}

#[test]
fn a_secret_is_read_from_its_plain_form() {
    let text: Secret = serde_json::from_value(json!("sk-123")).expect("text");
    assert_eq!(text.expose(), "sk-123");
    let bytes: Secret<Vec<u8>> = serde_json::from_value(json!([1, 2])).expect("bytes");
    assert_eq!(bytes.expose(), &[1, 2]);
}

#[test]
fn a_failed_read_does_not_quote_the_value() {
    #[derive(Debug, Deserialize)]
    struct Account {
        #[allow(dead_code, reason = "read to fail")]
        pin: Secret,
    }
    let refused = serde_json::from_str::<Account>(r#"{"pin": 1815}"#).expect_err("a number is no text");
    assert!(refused.to_string().starts_with("a secret has the wrong form"), "{refused}");
    assert!(!format!("{refused} {refused:?}").contains("1815"));
}

#[test]
fn storing_on_purpose_round_trips() {
    #[derive(Serialize, Deserialize)]
    struct Account {
        #[serde(serialize_with = "Secret::serialize_exposed")]
        token: Secret,
    }
    let json = serde_json::to_string(&Account { token: "t-1".into() }).expect("serialises");
    assert_eq!(json, r#"{"token":"t-1"}"#);
    assert_eq!(serde_json::from_str::<Account>(&json).expect("reads").token.expose(), "t-1");
}

#[test]
fn the_schema_is_the_value_s_and_write_only() {
    let schema = schemars::schema_for!(Vec<Secret>);
    assert_eq!(schema.get("items"), Some(&json!({ "type": "string", "writeOnly": true })));
}

#[test]
fn a_secret_is_wiped_once_when_it_is_dropped_and_so_is_its_clone() {
    #[derive(Clone)]
    struct Counted<'a>(&'a Cell<u32>);
    impl Wipe for Counted<'_> {
        fn wipe(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    let wiped = Cell::new(0);
    let secret = Secret::new(Counted(&wiped));
    drop(secret.clone());
    assert_eq!(wiped.get(), 1);
    drop(secret);
    assert_eq!(wiped.get(), 2);
}

#[test]
fn wiping_overwrites_every_byte() {
    let mut array = [7u8; 4];
    array.wipe();
    assert_eq!(array, [0; 4]);

    let (mut text, mut bytes, mut some) = ("sk".to_owned(), vec![7u8, 7], Some("sk".to_owned()));
    text.wipe();
    bytes.wipe();
    some.wipe();
    assert!(text.is_empty() && bytes.is_empty() && some.is_none());
}
