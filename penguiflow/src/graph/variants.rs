//! Compares the arms of a flow with what its router can return, while the flow compiles, and tells the mistake in our own
//! words. Knows names only; that each arm gets what its variant holds is asked by its edge.

use crate::graph::phrase::Words;

/// What a router can return.
#[derive(Debug, Clone, Copy)]
pub struct Variants {
    /// The enum's name.
    pub of: &'static str,
    /// The names of its variants.
    pub all: &'static [&'static str],
}

/// Tells if a variant of the router has no arm. Silent where an arm is unknown, since that one may be the missing one.
#[track_caller]
pub const fn covers(router: &str, variants: Option<Variants>, arms: &[&str]) -> bool {
    let Some(variants) = variants else { return true };
    let mut at = 0;
    while at < arms.len() {
        if !contains(variants.all, arms[at]) {
            return true;
        }
        at += 1;
    }
    let missing = count_missing(variants.all, arms);
    if missing > 0 {
        tell(&words_of_missing(router, variants, arms, missing));
    }
    true
}

/// Tells if `arm` is no variant of the router, and offers the nearest one without an arm.
#[track_caller]
pub const fn is_variant(variants: Option<Variants>, arm: &str, arms: &[&str]) -> bool {
    let Some(variants) = variants else { return true };
    if !contains(variants.all, arm) {
        tell(&words_of_unknown(variants, arm, arms));
    }
    true
}

/// Evaluated while a flow compiles, where a failed assertion is the compiler's error.
#[track_caller]
const fn tell(words: &Words) {
    assert!(words.is_empty(), "{}", words.text());
}

const fn words_of_missing(router: &str, variants: Variants, arms: &[&str], missing: usize) -> Words {
    let mut words = Words::new().and("`").and(router).and("` can return ");
    let mut told = 0;
    let mut at = 0;
    while at < variants.all.len() {
        if !contains(arms, variants.all[at]) {
            words =
                words.and(between(told, missing)).and("`").and(variants.of).and("::").and(variants.all[at]).and("`");
            told += 1;
        }
        at += 1;
    }
    words = words.and(if missing == 1 { ", which has no arm: write `" } else { ", which have no arm: write `" });
    told = 0;
    at = 0;
    while at < variants.all.len() {
        if !contains(arms, variants.all[at]) {
            words = words.and(if told == 0 { "" } else { ", " }).and(variants.all[at]).and(" -> …");
            told += 1;
        }
        at += 1;
    }
    words.and("`")
}

const fn words_of_unknown(variants: Variants, arm: &str, arms: &[&str]) -> Words {
    let words = Words::new().and("`").and(variants.of).and("` has no variant `").and(arm).and("`: ");
    if let Some(nearest) = nearest(variants.all, arm, arms) {
        return words.and("write `").and(nearest).and("`");
    }
    let mut words = words.and("it has ");
    let mut at = 0;
    while at < variants.all.len() {
        words = words.and(between(at, variants.all.len())).and("`").and(variants.all[at]).and("`");
        at += 1;
    }
    words
}

const fn between(told: usize, all: usize) -> &'static str {
    match (told, told + 1 == all) {
        (0, _) => "",
        (_, true) => " and ",
        (_, false) => ", ",
    }
}

const fn count_missing(all: &[&str], arms: &[&str]) -> usize {
    let mut missing = 0;
    let mut at = 0;
    while at < all.len() {
        if !contains(arms, all[at]) {
            missing += 1;
        }
        at += 1;
    }
    missing
}

const fn contains(all: &[&str], one: &str) -> bool {
    let mut at = 0;
    while at < all.len() {
        if distance(all[at], one) == 0 {
            return true;
        }
        at += 1;
    }
    false
}

/// The nearest variant that has no arm yet, if one is near.
const fn nearest(all: &'static [&'static str], arm: &str, arms: &[&str]) -> Option<&'static str> {
    let mut best = None;
    let mut least = arm.len() / 3 + 1;
    let mut at = 0;
    while at < all.len() {
        let far = distance(all[at], arm);
        if far <= least && !contains(arms, all[at]) {
            best = Some(all[at]);
            least = far.saturating_sub(1);
        }
        at += 1;
    }
    best
}

/// The longest name that is compared letter by letter.
const LETTERS_MAX: usize = 64;

/// How many letters must be put in, left out or changed to make `b` of `a`; what is longer than [`LETTERS_MAX`] is far.
pub(crate) const fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() > LETTERS_MAX || b.len() > LETTERS_MAX {
        return if same(a, b) { 0 } else { LETTERS_MAX };
    }
    let mut row = [0; LETTERS_MAX + 1];
    let mut at = 0;
    while at <= b.len() {
        row[at] = at;
        at += 1;
    }
    let mut line = 0;
    while line < a.len() {
        let mut corner = row[0];
        row[0] = line + 1;
        let mut at = 0;
        while at < b.len() {
            let changed = corner + if a[line] == b[at] { 0 } else { 1 };
            corner = row[at + 1];
            row[at + 1] = least(changed, least(row[at], row[at + 1]) + 1);
            at += 1;
        }
        line += 1;
    }
    row[b.len()]
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

const fn least(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

#[cfg(test)]
mod tests;
