//! Which name of a model stands for which other one. Pure: knows no model.

/// How a name fits a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// The row's name begins it, and words follow that may make it another model at another price: `gpt-4o` in `gpt-4o-audio`.
    Family,
    /// What follows says only which state of the model it is: `gpt-4o` in `gpt-4o-2024-08-06`.
    Snapshot,
    /// It is the row's name.
    Exact,
}

/// Behind how many slashes of a name a row is looked for.
const SLASHES_MAX: usize = 8;

/// Words behind a name that leave it the same model.
const STATES: &[&str] = &["beta", "exp", "experimental", "latest", "preview", "stable"];

/// How `name` fits the row of that `prefix`, if it does. A point is as good as a dash, and a large letter as a small one.
///
/// A name ends where its version does: `gpt-4` stands neither in `gpt-4o` nor in `gpt-41`, `gpt-4.1` or `gpt-4-1`. What is dated does
/// fit, `gpt-4-0613` and `gpt-4-1106-preview`, because dates have three digits at least. A size is a word, `qwen3-32b`.
pub(super) fn fit(prefix: &str, name: &str) -> Option<Fit> {
    let rest = without(prefix, name)?;
    if rest.is_empty() {
        return Some(Fit::Exact);
    }
    let behind = rest.strip_prefix(['-', '.', '@', ':', '/'])?;
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    let version = !behind.as_bytes().get(digits).is_some_and(u8::is_ascii_alphanumeric);
    if version && (1..3).contains(&digits) && rest.starts_with(['-', '.']) {
        return None;
    }
    let state = behind.split(|c: char| !c.is_ascii_alphanumeric()).all(is_state);
    Some(if state { Fit::Snapshot } else { Fit::Family })
}

/// What stands behind `prefix` in `name`.
pub(super) fn without<'a>(prefix: &str, name: &'a str) -> Option<&'a str> {
    let (head, rest) = name.split_at_checked(prefix.len())?;
    head.bytes().map(letter).eq(prefix.bytes().map(letter)).then_some(rest)
}

fn letter(byte: u8) -> u8 {
    if byte == b'.' { b'-' } else { byte.to_ascii_lowercase() }
}

fn is_state(word: &str) -> bool {
    let number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    number(word) || word.strip_prefix('v').is_some_and(number) || STATES.contains(&word)
}

/// The names under which a row may have it: as it stands, without what `strip` says of it, and each of what follows a slash.
pub(super) fn candidates<'a>(name: &'a str, strip: &[String]) -> Vec<&'a str> {
    let mut names = vec![name];
    names.extend(strip.iter().filter_map(|prefix| without(prefix, name)).filter(|rest| !rest.is_empty()));
    let behind = name.match_indices('/').filter_map(|(at, _)| name.get(at + 1..)).filter(|rest| !rest.is_empty());
    names.extend(behind.take(SLASHES_MAX));
    names
}

#[cfg(test)]
mod tests;
