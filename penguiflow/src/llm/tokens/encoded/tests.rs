//! Holds that the tables are those of the models. Knows a few counts by heart.

use super::{BYTES_MAX, counted};

#[test]
fn a_model_has_its_own_table() {
    assert_eq!(counted("openai", "gpt-4", "お誕生日おめでとう"), Some(9));
    assert_eq!(counted("openai", "gpt-4o", "お誕生日おめでとう"), Some(8));
    assert_eq!(counted("openai", "gpt-6-sol", "x"), None);
    assert_eq!(counted("anthropic", "gpt-4o", "x"), None);
}

#[test]
fn a_text_that_is_too_long_is_not_counted() {
    assert_eq!(counted("openai", "gpt-4o", &"a ".repeat(BYTES_MAX / 2 + 1)), None);
}

#[test]
fn no_text_brings_it_down() {
    for text in
        ["\u{0}\u{feff}\u{202e}", "a\u{301}\u{301}\u{301}", "<|endoftext|><|fim_prefix|>", "\r\n\r\n \u{a0}\u{3000}"]
    {
        let (o200k, cl100k) = (counted("openai", "gpt-4o", text), counted("openai", "gpt-4", text));
        assert!(o200k.is_some_and(|count| count > 0) && cl100k.is_some_and(|count| count > 0), "{text:?}");
    }
    // The regex gives up on this one, and the count with it.
    let blanks = format!("{}x", " ".repeat(900_000));
    assert!(counted("openai", "gpt-4o", &blanks).is_none_or(|count| count > 1));
}
