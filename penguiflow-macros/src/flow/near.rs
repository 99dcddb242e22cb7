//! Finds the word that somebody meant. Pure.

/// The candidate that is few slips of the hand away from `name`, if there is one.
pub(crate) fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let slips_max = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (slips(name, candidate), candidate))
        .filter(|(count, _)| *count <= slips_max)
        .min_by_key(|(count, _)| *count)
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, delete, replace, or swap with their neighbour (optimal string alignment).
fn slips(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut two_above = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(two_above[j - 2] + 1);
            }
        }
        two_above = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_a_swapped_a_missing_and_a_wrong_letter() {
        let words = ["join", "join_k", "map", "repeat"];
        assert_eq!(nearest("jion_k", words), Some("join_k"));
        assert_eq!(nearest("repat", words), Some("repeat"));
        assert_eq!(nearest("mop", words), Some("map"));
    }

    #[test]
    fn is_silent_about_other_words() {
        assert_eq!(nearest("search", ["join", "map", "repeat"]), None);
    }
}
