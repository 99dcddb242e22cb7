//! Copied only when written, and merged as a join merges (SEMANTICS 24).

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use super::Meta;

#[test]
fn meta_is_one_pointer_wide_and_empty_without_an_allocation() {
    assert_eq!(size_of::<Meta>(), size_of::<usize>());
    assert!(Meta::default().0.is_none());
    assert!(Meta::from_iter([("a", 1); 0]).0.is_none());
}

#[test]
fn a_clone_shares_the_entries_until_it_is_written_and_the_values_still() {
    let original = Meta::from_iter([("doc", json!({ "pages": [1, 2, 3] }))]);
    let mut copy = original.clone();
    assert!(shares_entries(&original, &copy));

    copy.insert("lang", "en");
    assert!(!shares_entries(&original, &copy));
    assert!(std::ptr::eq(original.get("doc").expect("there"), copy.get("doc").expect("there")));
    assert_eq!((original.len(), copy.len()), (1, 2));
}

#[test]
fn insert_and_remove_give_the_earlier_value_back() {
    let mut meta = Meta::default();
    assert_eq!(meta.insert("a", 1), None);
    assert_eq!(meta.insert("a", 2), Some(json!(1)));
    assert_eq!(meta.insert("b", 3), None);
    let shared = meta.clone();
    assert_eq!(meta.remove("a"), Some(json!(2)));
    assert_eq!(meta.remove("a"), None);
    assert_eq!(meta.remove("b"), Some(json!(3)));
    assert_eq!(meta, Meta::default(), "nothing left is the same as never written");
    assert_eq!(shared.len(), 2);
}

#[test]
fn removing_what_is_not_there_copies_nothing() {
    let original = Meta::from_iter([("a", 1)]);
    let mut copy = original.clone();
    assert_eq!(copy.remove("b"), None);
    assert!(shares_entries(&original, &copy));
}

#[test]
fn a_merge_copies_nothing_where_one_side_has_nothing_new() {
    let full = Meta::from_iter([("a", 1), ("b", 2)]);

    let mut empty = Meta::default();
    empty.merge(&full);
    assert!(shares_entries(&empty, &full));

    for later in [Meta::default(), full.clone(), Meta::from_iter([("b", 9)])] {
        let mut kept = full.clone();
        kept.merge(&later);
        assert!(shares_entries(&kept, &full), "{later:?} has nothing new");
    }
}

#[test]
fn debug_prints_a_map() {
    assert_eq!(format!("{:?}", Meta::from_iter([("a", "x")])), r#"{"a": String("x")}"#);
}

#[test]
fn meta_in_json_is_a_map_and_nothing_else() {
    assert_eq!(serde_json::from_str::<Meta>("{}").ok(), Some(Meta::default()));
    assert!(serde_json::from_str::<Meta>("[]").is_err());
}

fn shares_entries(one: &Meta, other: &Meta) -> bool {
    matches!((&one.0, &other.0), (Some(one), Some(other)) if Arc::ptr_eq(one, other))
}

/// Few keys, so that they clash often.
fn entries() -> impl Strategy<Value = BTreeMap<String, u8>> {
    proptest::collection::btree_map("[a-e]", any::<u8>(), 0..6)
}

fn meta(entries: &BTreeMap<String, u8>) -> Meta {
    entries.iter().map(|(key, value)| (key.as_str(), *value)).collect()
}

fn merged(mut earlier: Meta, later: &Meta) -> Meta {
    earlier.merge(later);
    earlier
}

proptest! {
    #[test]
    fn a_merge_is_the_union_in_which_the_earlier_wins(earlier in entries(), later in entries()) {
        let mut union = later.clone();
        union.extend(earlier.clone());
        let left = meta(&later);
        prop_assert_eq!(merged(meta(&earlier), &left), meta(&union));
        prop_assert_eq!(left, meta(&later), "the later side is only read");
    }

    #[test]
    fn a_merge_is_associative(a in entries(), b in entries(), c in entries()) {
        let (a, b, c) = (meta(&a), meta(&b), meta(&c));
        prop_assert_eq!(merged(merged(a.clone(), &b), &c), merged(a, &merged(b, &c)));
    }

    #[test]
    fn meta_is_a_map_in_the_order_of_its_keys(written in entries()) {
        let meta = meta(&written);
        let read: Vec<_> = meta.iter().map(|(key, value)| (key.to_owned(), value.clone())).collect();
        let expected: Vec<_> = written.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
        prop_assert_eq!(read, expected);
        prop_assert_eq!(meta.len(), written.len());
        let text = serde_json::to_string(&meta).expect("meta serialises");
        prop_assert_eq!(&text, &serde_json::to_string(&written).expect("a map serialises"));
        prop_assert_eq!(serde_json::from_str::<Meta>(&text).ok(), Some(meta));
    }

    #[test]
    fn a_number_comes_back_as_it_was_written(number in prop::num::f64::NORMAL) {
        let meta = Meta::from_iter([("score", number)]);
        let text = serde_json::to_string(&meta).expect("meta serialises");
        prop_assert_eq!(serde_json::from_str::<Meta>(&text).ok(), Some(meta));
    }
}
