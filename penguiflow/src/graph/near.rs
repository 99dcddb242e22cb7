//! Finds the name that somebody may have meant. Knows names only.

use crate::graph::variants::distance;

/// The one of `all` that is nearest to `name`, if one is near.
pub(crate) fn nearest<'a>(all: impl IntoIterator<Item = &'a str>, name: &str) -> Option<&'a str> {
    let near = all.into_iter().map(|one| (distance(one, name), one)).filter(|(far, _)| *far <= name.len() / 3 + 1);
    near.min_by_key(|(far, _)| *far).map(|(_, one)| one)
}

/// `` `a`, `b` and `c` ``.
pub(crate) fn listed<'a>(all: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<String> = all.into_iter().map(|one| format!("`{one}`")).collect();
    match all.split_last() {
        None => "nothing".to_owned(),
        Some((one, [])) => one.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{listed, nearest};

    #[test]
    fn the_nearest_name_is_found_if_one_is_near() {
        assert_eq!(nearest(["retrieval", "memory", "memories"], "memroy"), Some("memory"));
        assert_eq!(nearest(["retrieval", "memory"], "walrus"), None);
        assert_eq!(nearest([], "walrus"), None);
    }

    #[test]
    fn names_are_listed_as_a_sentence_has_them() {
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!((listed(["a"]), listed([])), ("`a`".to_owned(), "nothing".to_owned()));
    }
}
