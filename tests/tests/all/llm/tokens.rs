//! Tokens: counted exactly where a tokenizer is built in, estimated everywhere else, and never more than the bound.

mod bounds;
mod samples;

use penguiflow::llm::{count_tokens, estimate_tokens};
use proptest::prelude::*;
use samples::{OTHERS, SAMPLES};

/// What `o200k_base` counts.
fn counted(text: &str) -> u64 {
    let tokens = count_tokens("openai", "gpt-4o", text);
    assert!(tokens.exact, "{text}");
    tokens.count
}

#[track_caller]
fn assert_near(samples: &[(&str, &str)], least: f64, most: f64) {
    for (name, text) in samples {
        let (estimated, counted) = (estimate_tokens(text), counted(text));
        let factor = estimated as f64 / counted as f64;
        assert!((least..=most).contains(&factor), "{name}: {estimated} for {counted}, {factor:.2} times");
    }
}

#[test]
fn an_estimate_is_between_two_thirds_and_four_thirds_of_the_count() {
    assert_near(SAMPLES, 2.0 / 3.0, 4.0 / 3.0);
}

#[test]
fn an_estimate_of_texts_that_it_was_not_made_with_is_as_near() {
    assert_near(OTHERS, 2.0 / 3.0, 4.0 / 3.0);
}

#[test]
fn letters_tell_more_than_their_number() {
    let far = |guess: &dyn Fn(&str) -> f64| -> f64 {
        let all = SAMPLES.iter().chain(OTHERS);
        all.map(|(_, text)| (guess(text) / counted(text) as f64).ln().abs()).fold(0.0, f64::max).exp()
    };
    let (ours, plain) = (far(&|text| estimate_tokens(text) as f64), far(&|text| text.chars().count() as f64 / 3.5));
    assert!(ours < 1.5 && plain > 2.5, "{ours:.2} times off at worst, and {plain:.2} by letters over 3.5");
}

#[test]
fn a_tokenizer_counts_as_its_maker_says() {
    // From the cookbook: encodings of the same words. <https://developers.openai.com/cookbook/examples/how_to_count_tokens_with_tiktoken>
    for (text, cl100k, o200k) in [
        ("antidisestablishmentarianism", 6, 6),
        ("2 + 2 = 4", 7, 7),
        ("お誕生日おめでとう", 9, 8),
        ("tiktoken is great!", 6, 6),
        ("", 0, 0),
    ] {
        let counts = [count_tokens("openai", "gpt-4", text), count_tokens("openai", "gpt-4o", text)];
        assert_eq!(counts.map(|tokens| (tokens.count, tokens.exact)), [(cl100k, true), (o200k, true)], "{text}");
    }
}

#[test]
fn only_a_model_whose_tokenizer_is_known_is_counted_exactly() {
    for (provider, model, exact) in [
        ("openai", "gpt-4o-mini-2024-07-18", true),
        ("openai", "GPT-4.1", true),
        ("openai", "gpt-5.4-nano", true),
        ("openai", "o3-mini", true),
        ("openai", "gpt-3.5-turbo", true),
        ("azure", "gpt-35-turbo", true),
        ("openrouter", "openai/gpt-4o", true),
        ("groq", "openai/gpt-oss-20b", true),
        ("ollama", "gpt-oss:20b", true),
        ("openai", "gpt-6.2-sol", false),
        ("anthropic", "claude-opus-5-5", false),
        ("openrouter", "anthropic/claude-opus-5.5", false),
        ("ollama", "o1-mine", false),
        ("ours", "gpt-4o", false),
    ] {
        assert_eq!(count_tokens(provider, model, "penguin").exact, exact, "{provider}/{model}");
    }
}

#[test]
fn words_for_special_tokens_are_words_in_a_text() {
    assert!(counted("<|endoftext|>") > 1, "somebody's text must not end ours");
    assert_eq!(counted("<|im_start|>system"), counted("<|im_start|>") + 1);
}

#[test]
fn a_text_that_is_too_long_or_too_odd_is_estimated() {
    for text in ["a".repeat(1_048_577), " ".repeat(2_000_000)] {
        let tokens = count_tokens("openai", "gpt-4o", &text);
        assert!(!tokens.exact && tokens.count > 0);
    }
    let odd = format!("{}x{}\u{3000}{}", " ".repeat(200_000), "\n \t".repeat(50_000), "é́".repeat(20_000));
    assert!(count_tokens("openai", "gpt-4o", &odd).count > 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_is_free_and_none_has_more_tokens_than_bytes(text in ".{0,200}") {
        let estimated = estimate_tokens(&text);
        prop_assert_eq!(estimated == 0, text.is_empty());
        prop_assert!(estimated <= 3 * text.len() as u64);
        prop_assert!(counted(&text) <= text.len() as u64);
        prop_assert!(count_tokens("openai", "gpt-4", &text).count <= text.len() as u64);
    }
}
