//! How a failed call is told, and what is to be done about it.

use penguiflow::clock::secs;
use penguiflow::llm::{LlmError, LlmErrorKind, Patience};
use penguiflow::{Classify, ErrorClass, Limit};

/// Each kind, and whether the same request may succeed a little later.
fn kinds() -> [(LlmErrorKind, bool); 19] {
    let retry_after = Some(secs(3));
    [
        (LlmErrorKind::Timeout(Patience::Attempt), true),
        (LlmErrorKind::Timeout(Patience::Chunk), true),
        (LlmErrorKind::Timeout(Patience::Provider), true),
        (LlmErrorKind::Timeout(Patience::Total), false),
        (LlmErrorKind::RateLimited { retry_after }, true),
        (LlmErrorKind::Overloaded { retry_after }, true),
        (LlmErrorKind::Transport, true),
        (LlmErrorKind::Auth, false),
        (LlmErrorKind::OutOfCredit, false),
        (LlmErrorKind::ContextLength { limit: Some(8), asked: Some(9) }, false),
        (LlmErrorKind::Refused, false),
        (LlmErrorKind::InvalidRequest { field: None }, false),
        (LlmErrorKind::UnknownModel, false),
        (LlmErrorKind::Unsupported, false),
        (LlmErrorKind::ContentParse, false),
        (LlmErrorKind::TooLarge, false),
        (LlmErrorKind::Cancelled, false),
        (LlmErrorKind::OverBudget(Limit::Usd), false),
        (LlmErrorKind::Unpriced, false),
    ]
}

#[test]
fn each_kind_says_whether_it_passes_and_a_node_that_returns_it_is_retried_accordingly() {
    for (kind, passes) in kinds() {
        let (wait, error) = (kind.retry_after(), LlmError::new(kind.clone(), "x"));
        let class = if passes { ErrorClass::Retry } else { ErrorClass::Fatal };
        assert_eq!(
            (error.is_transient(), error.class(), Classify::retry_after(&error)),
            (passes, class, wait),
            "{kind:?}"
        );
    }
}

#[test]
fn an_error_shows_what_is_known_and_nothing_that_is_not() {
    let limited = LlmErrorKind::RateLimited { retry_after: Some(secs(3)) };
    let error = LlmError::new(limited, "slow down").of("openai/gpt-4o").with_status(429).with_request_id("req_1");
    assert_eq!(error.to_string(), "openai/gpt-4o: rate limited (429, request req_1), asks to wait 3 s: slow down");
    // Whoever knows first which model it was is right.
    assert_eq!(error.of("other/model").model(), Some("openai/gpt-4o"));
    for (kind, shown) in [
        (
            LlmErrorKind::ContextLength { limit: Some(8), asked: Some(9) },
            "the conversation is longer than the model can read, 9 tokens, of at most 8",
        ),
        (
            LlmErrorKind::ContextLength { limit: None, asked: None },
            "the conversation is longer than the model can read",
        ),
        (LlmErrorKind::Timeout(Patience::Total), "took longer than the whole call may"),
        (LlmErrorKind::Auth, "the key was not accepted"),
    ] {
        assert_eq!(LlmError::new(kind, "").to_string(), shown);
    }
}

#[test]
fn each_kind_has_a_code_of_its_own_and_words_for_people() {
    let mut codes: Vec<&str> = kinds().iter().map(|(kind, _)| kind.code()).collect();
    assert!(codes.iter().all(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '_')), "{codes:?}");
    codes.dedup();
    assert_eq!(codes.len(), 16, "the patiences share one: {codes:?}");
    let mut words: Vec<String> = kinds().map(|(kind, _)| LlmError::new(kind, "").to_string()).into();
    assert!(words.iter().all(|words| !words.ends_with('.') && words.starts_with(char::is_lowercase)), "{words:?}");
    words.sort();
    words.dedup();
    assert_eq!(words.len(), kinds().len());
}

#[test]
fn what_the_model_wrote_and_what_caused_it_are_kept_and_not_printed() {
    let error = LlmError::new(LlmErrorKind::ContentParse, "no JSON").with_content("the pin is 1234");
    let error = error.with_source(std::io::Error::other("the cause"));
    assert_eq!(error.content(), Some("the pin is 1234"));
    assert_eq!(std::error::Error::source(&error).map(ToString::to_string).as_deref(), Some("the cause"));
    assert!(!format!("{error} {error:?}").contains("1234"));
}
