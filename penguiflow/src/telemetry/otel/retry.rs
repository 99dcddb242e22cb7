//! Decides what follows a request that has failed. Pure: no clock, no network.

use std::time::Duration;

/// How often a batch is sent at most.
const ATTEMPTS_MAX: u32 = 6;

/// The longest pause, whatever the collector asks for.
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// How a request has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// There was no answer.
    Silent,
    /// The answer was no success.
    Status { code: u16, retry_after: Option<Duration> },
}

/// The pause before the next attempt; nothing if there is none. As OTLP has it, of the answers only 429, 502, 503 and 504
/// may go better another time.
pub(super) fn pause(attempt: u32, fault: Fault) -> Option<Duration> {
    if attempt >= ATTEMPTS_MAX {
        return None;
    }
    let own = Duration::from_secs(1 << attempt.saturating_sub(1).min(5));
    match fault {
        Fault::Silent => Some(own.min(PAUSE_MAX)),
        Fault::Status { code: 429 | 502 | 503 | 504, retry_after } => Some(retry_after.unwrap_or(own).min(PAUSE_MAX)),
        Fault::Status { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{ATTEMPTS_MAX, Fault, pause};
    use std::time::Duration;

    const fn secs(secs: u64) -> Option<Duration> {
        Some(Duration::from_secs(secs))
    }

    #[test]
    fn pauses_double_and_end() {
        let pauses: Vec<_> = (1..=ATTEMPTS_MAX).map(|attempt| pause(attempt, Fault::Silent)).collect();
        assert_eq!(pauses, [secs(1), secs(2), secs(4), secs(8), secs(16), None]);
    }

    #[test]
    fn a_collector_says_when_to_come_again_and_what_it_never_wants() {
        let status = |code, retry_after| Fault::Status { code, retry_after };
        assert_eq!(pause(1, status(429, secs(7))), secs(7));
        assert_eq!(pause(1, status(503, secs(3_600))), secs(30));
        assert_eq!(pause(2, status(504, None)), secs(2));
        for code in [400, 401, 404, 413, 500] {
            assert_eq!(pause(1, status(code, secs(1))), None, "{code}");
        }
    }
}
