//! Makes text of what the fuzzer draws. Knows no target.

/// The text that `bytes` stand for: a letter each, and from 128 on one of `words`. So a change of one byte may change a whole
/// word, and a seed that is written in ASCII means itself.
#[must_use]
pub fn of(bytes: &[u8], words: &[&str]) -> String {
    let mut text = String::new();
    for byte in bytes {
        match byte.checked_sub(128) {
            None => text.push(char::from(*byte)),
            Some(at) => text.push_str(words[usize::from(at) % words.len()]),
        }
    }
    text
}
