//! The words for missing and unknown variants.

use super::{Variants, covers, distance, is_variant, words_of_missing, words_of_unknown};

const VERDICT: Variants = Variants { of: "Verdict", all: &["Good", "Thin", "Refuse"] };

#[test]
fn an_arm_for_each_variant_is_silent() {
    assert!(covers("triage", Some(VERDICT), &["Thin", "Refuse", "Good"]));
    assert!(is_variant(Some(VERDICT), "Thin", &["Thin"]));
    assert!(covers("triage", None, &["Anything"]));
    assert!(is_variant(None, "Anything", &["Anything"]));
}

#[test]
fn missing_variants_are_named_with_what_to_write() {
    let one = words_of_missing("triage", VERDICT, &["Good", "Refuse"], 1);
    assert_eq!(one.text(), "`triage` can return `Verdict::Thin`, which has no arm: write `Thin -> …`");
    let all = words_of_missing("triage", VERDICT, &[], 3);
    let expected = "`triage` can return `Verdict::Good`, `Verdict::Thin` and `Verdict::Refuse`, which have no arm: write \
                    `Good -> …, Thin -> …, Refuse -> …`";
    assert_eq!(all.text(), expected);
}

#[test]
fn an_unknown_arm_hides_the_missing_variant_that_it_may_be() {
    assert!(covers("triage", Some(VERDICT), &["Good", "Thn", "Refuse"]));
}

#[test]
fn an_unknown_arm_is_offered_the_nearest_variant_without_an_arm() {
    let near = |arm, arms: &[&str]| words_of_unknown(VERDICT, arm, arms).text().to_owned();
    assert_eq!(near("Thn", &["Good", "Thn"]), "`Verdict` has no variant `Thn`: write `Thin`");
    assert_eq!(near("thin", &["thin"]), "`Verdict` has no variant `thin`: write `Thin`");
    let far = "`Verdict` has no variant `Paid`: it has `Good`, `Thin` and `Refuse`";
    assert_eq!(near("Paid", &["Paid", "Good"]), far);
    assert_eq!(near("Goodd", &["Good", "Goodd"]), far.replace("Paid", "Goodd"), "`Good` has its arm already");
}

#[test]
fn names_of_any_length_are_compared() {
    let long = "A".repeat(100);
    assert_eq!(distance(&long, &long), 0);
    assert_ne!(distance(&long, &long[1..]), 0);
    assert_eq!(distance("kitten", "sitting"), 3);
    assert_eq!(distance("", "abc"), 3);
}

#[test]
fn a_sentence_without_room_is_cut_between_its_pieces() {
    let all: &'static [&'static str] = &["VeryLongVariantNameOfThirtyChars"; 40];
    let words = words_of_missing("triage", Variants { of: "Verdict", all }, &[], 40);
    assert!(words.text().len() <= 1_024 && words.text().starts_with("`triage` can return"));
}
