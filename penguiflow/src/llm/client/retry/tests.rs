//! What is decided about a failed attempt. Unit tests.

use super::{Failed, Retry, Verdict, decide};
use crate::clock::{millis, secs};
use crate::error::Limit;
use crate::llm::error::{LlmErrorKind, Patience};
use std::time::Duration;

const COOLDOWN: Duration = Duration::from_secs(45);

fn verdict(kind: LlmErrorKind, tries: u32, has_next: bool) -> Verdict {
    let failed = Failed { kind: &kind, tries, has_next, handed_on: false, draw: 0.5 };
    decide(&Retry::default(), COOLDOWN, &failed)
}

fn limited(wait: Option<u64>) -> LlmErrorKind {
    LlmErrorKind::RateLimited { retry_after: wait.map(secs) }
}

#[test]
fn waits_are_drawn_between_nothing_and_a_growing_most() {
    let retry = Retry::default();
    let longest: Vec<Duration> = (1..=7).map(|retries| retry.longest(retries)).collect();
    assert_eq!(longest, [1, 2, 4, 8, 16, 30, 30].map(secs));
    assert_eq!(retry.longest(u32::MAX), secs(30));
    for (tries, wait) in [(1, millis(500)), (2, secs(1)), (3, secs(2))] {
        assert_eq!(verdict(LlmErrorKind::Transport, tries, false), Verdict::Again(wait));
    }
    assert_eq!(verdict(LlmErrorKind::Transport, 4, false), Verdict::GiveUp);
}

#[test]
fn the_provider_s_own_wait_is_the_least_and_a_long_one_is_not_waited_for() {
    assert_eq!(verdict(limited(Some(7)), 1, false), Verdict::Again(secs(7)));
    assert_eq!(verdict(limited(Some(60)), 1, false), Verdict::Again(secs(60)));
    assert_eq!(verdict(limited(Some(61)), 1, false), Verdict::GiveUp);
    assert_eq!(verdict(LlmErrorKind::Overloaded { retry_after: Some(secs(3)) }, 1, true), Verdict::Again(secs(3)));
}

#[test]
fn a_rate_limit_goes_to_the_next_model_at_once_and_leaves_this_one_alone() {
    assert_eq!(verdict(limited(None), 1, true), Verdict::Next(Some(COOLDOWN)));
    assert_eq!(verdict(limited(Some(2)), 1, true), Verdict::Next(Some(secs(2))));
    assert_eq!(verdict(limited(None), 1, false), Verdict::Again(millis(500)));
}

#[test]
fn what_is_broken_is_asked_again_and_then_left_alone() {
    for kind in [
        LlmErrorKind::Transport,
        LlmErrorKind::Timeout(Patience::Chunk),
        LlmErrorKind::Overloaded { retry_after: None },
    ] {
        assert_eq!(verdict(kind.clone(), 3, true), Verdict::Again(secs(2)));
        assert_eq!(verdict(kind, 4, true), Verdict::Next(Some(COOLDOWN)));
    }
}

#[test]
fn what_this_model_cannot_do_another_one_may() {
    for kind in [LlmErrorKind::ContextLength { limit: None, asked: None }, LlmErrorKind::Unsupported] {
        assert_eq!(verdict(kind.clone(), 1, true), Verdict::Next(None));
        assert_eq!(verdict(kind, 1, false), Verdict::GiveUp);
    }
    for kind in [LlmErrorKind::Auth, LlmErrorKind::OutOfCredit, LlmErrorKind::UnknownModel] {
        assert_eq!(verdict(kind.clone(), 1, true), Verdict::Next(Some(COOLDOWN)));
        assert_eq!(verdict(kind, 1, false), Verdict::GiveUp);
    }
}

#[test]
fn what_no_model_can_mend_ends_the_call() {
    let kinds = [
        LlmErrorKind::Refused,
        LlmErrorKind::InvalidRequest { field: None },
        LlmErrorKind::ContentParse,
        LlmErrorKind::TooLarge,
        LlmErrorKind::Cancelled,
        LlmErrorKind::OverBudget(Limit::Usd),
        LlmErrorKind::Unpriced,
        LlmErrorKind::Timeout(Patience::Total),
    ];
    for kind in kinds {
        assert_eq!(verdict(kind, 1, true), Verdict::GiveUp);
    }
}

#[test]
fn what_was_handed_on_is_not_begun_anew_unless_the_caller_asked_for_it() {
    let kind = LlmErrorKind::Transport;
    let failed = Failed { kind: &kind, tries: 1, has_next: true, handed_on: true, draw: 0.5 };
    assert_eq!(decide(&Retry::default(), COOLDOWN, &failed), Verdict::GiveUp);
    assert_eq!(decide(&Retry::default().with_restarts(), COOLDOWN, &failed), Verdict::Again(millis(500)));
}
