//! Holds how an estimate is made of letters, with any build.

use super::{count_tokens, estimate_tokens};

#[test]
fn words_numbers_and_signs_weigh_what_is_told() {
    for (text, tokens) in [
        ("", 0),
        ("a", 1),
        (" ", 1),
        ("word", 1),
        ("six let ter s", 4),
        ("getUserName", 3),
        ("HTTP", 2),
        ("123", 1),
        ("1234567", 3),
        ("one two", 2),
        ("one\n\n\ntwo", 3),
        ("{\"a\":1}", 6),
        ("пингвин", 3),
        ("企鹅", 2),
        ("🐧", 2),
        ("\u{0}", 1),
        ("\u{10ffff}", 2),
    ] {
        assert_eq!(estimate_tokens(text), tokens, "{text:?}");
    }
}

#[test]
fn more_text_is_never_fewer_tokens() {
    let text = "Der Pinguin 企鹅 🐧 taucht\n\t  42 m tief, {\"ok\": true} и ждёт.";
    let mut before = 0;
    for (at, letter) in text.char_indices() {
        let now = estimate_tokens(&text[..at + letter.len_utf8()]);
        assert!(now >= before, "{at}: {now} after {before}");
        before = now;
    }
}

#[test]
fn a_model_without_a_tokenizer_is_estimated() {
    let tokens = count_tokens("anthropic", "claude-opus-5", "penguin");
    assert_eq!((tokens.count, tokens.exact), (estimate_tokens("penguin"), false));
}
