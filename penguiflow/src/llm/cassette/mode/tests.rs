//! Each word of the environment, with and without a file.

use super::{Mode, chosen};
use std::ffi::OsStr;

#[test]
fn a_file_is_replayed_and_a_missing_one_recorded_unless_the_environment_says_otherwise() {
    let of = |word: Option<&str>, is_there| chosen(word.map(OsStr::new), is_there).expect("a known word");
    for (word, is_there, mode) in [
        (None, true, Mode::Replay),
        (None, false, Mode::Record),
        (Some(""), true, Mode::Replay),
        (Some("record"), true, Mode::Record),
        (Some("record"), false, Mode::Record),
        (Some("replay"), true, Mode::Replay),
        (Some(" replay "), false, Mode::Replay),
    ] {
        assert_eq!(of(word, is_there), mode, "{word:?}, {is_there}");
    }
}

#[test]
fn another_word_is_an_error_and_no_guess() {
    let error = chosen(Some(OsStr::new("reply")), true).expect_err("a slip");
    assert_eq!(error.to_string(), "PENGUIFLOW_CASSETTES is `reply`: write `record` or `replay`, or leave it out");
}
