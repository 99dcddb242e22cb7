//! Holds which names are which model. Knows no rows.

use super::Fit::{Exact, Family, Snapshot};
use super::{candidates, fit};

#[test]
fn a_prefix_ends_where_a_word_does() {
    for other in ["gpt-4o", "gpt-41", "gpt-4.1", "gpt-4-1", "gpt-4.1-mini", "gpt-4-5-preview", "gpt", "gpt-", ""] {
        assert_eq!(fit("gpt-4", other), None, "{other}");
    }
    for (name, how) in [
        ("gpt-4", Exact),
        ("GPT-4", Exact),
        ("gpt-4-0613", Snapshot),
        ("gpt-4-1106-preview", Snapshot),
        ("gpt-4-2024-04-09", Snapshot),
        ("gpt-4:latest", Snapshot),
        ("gpt-4@20240409", Snapshot),
        ("gpt-4-turbo", Family),
        ("gpt-4-turbo-2024-04-09", Family),
        ("gpt-4-32k", Family),
        ("gpt-4-", Family),
    ] {
        assert_eq!(fit("gpt-4", name), Some(how), "{name}");
    }
}

#[test]
fn a_point_is_as_good_as_a_dash() {
    assert_eq!(fit("claude-sonnet-4-5", "claude-sonnet-4.5"), Some(Exact));
    assert_eq!(fit("gpt-4.1", "gpt-4-1-2025-04-14"), Some(Snapshot));
    assert_eq!(fit("claude-opus-4", "claude-opus-4.9"), None);
    assert_eq!(fit("claude-opus-4", "claude-opus-4-20250514"), Some(Snapshot));
}

#[test]
fn the_versions_of_clouds_are_states() {
    assert_eq!(fit("anthropic.claude-haiku-4-5", "anthropic.claude-haiku-4-5-20251001-v1:0"), Some(Snapshot));
    assert_eq!(fit("amazon.nova-pro", "amazon.nova-pro-v1:0"), Some(Snapshot));
}

#[test]
fn letters_that_are_more_than_a_byte_are_no_trouble() {
    assert_eq!(fit("gpt-4", "gpt-4é"), None);
    assert_eq!(fit("abcd", "abçde"), None);
    assert_eq!(fit("gpt-4", "gpt-4-é"), Some(Family));
}

#[test]
fn a_name_is_looked_for_under_each_of_its_ends() {
    let strip = ["us.".to_owned(), "eu.".to_owned()];
    assert_eq!(candidates("us.a/b/c", &strip), ["us.a/b/c", "a/b/c", "b/c", "c"]);
    assert_eq!(candidates("a/", &strip), ["a/"]);
}
