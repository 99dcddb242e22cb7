//! Finds the word that a misspelt one was meant to be. Knows no words itself.

/// The candidate that is nearest to `word`, if one is near enough to be worth offering.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The number of letters to insert, drop, change or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_swapped_a_missing_and_a_changed_letter_are_near() {
        let words = ["timeout", "retries", "rate"];
        assert_eq!(nearest("tiemout", words), Some("timeout"));
        assert_eq!(nearest("retris", words), Some("retries"));
        assert_eq!(nearest("rats", words), Some("rate"));
    }

    #[test]
    fn a_different_word_is_not_near() {
        assert_eq!(nearest("color", ["timeout", "retries", "rate"]), None);
        assert_eq!(nearest("x", ["in"]), None);
    }
}
