//! Chooses the model that is asked next. Pure but for the cooldowns, which it reads.

use crate::clock::Seam;
use crate::llm::model::Model;
use crate::llm::pace::Pacing;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// When another model stands in.
///
/// ```
/// use penguiflow::llm::Fallback;
/// use std::time::Duration;
///
/// assert_eq!(Fallback::default().cooldown, Duration::from_secs(45));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fallback {
    /// How long a model that was rate limited, or is broken, is left alone by all clients of its [pacing](crate::llm::Pacing), where its
    /// provider does not say; 45 s.
    pub cooldown: Duration,
    /// How long a call waits at most, once, when all its models are left alone; 30 s.
    pub wait_max: Duration,
}

impl Default for Fallback {
    fn default() -> Self {
        Fallback { cooldown: Duration::from_secs(45), wait_max: Duration::from_secs(30) }
    }
}

impl Fallback {
    /// With another time for which a model is left alone.
    #[must_use]
    pub fn with_cooldown(self, cooldown: Duration) -> Self {
        Fallback { cooldown, ..self }
    }

    /// With another longest wait for a model.
    #[must_use]
    pub fn with_wait_max(self, wait_max: Duration) -> Self {
        Fallback { wait_max, ..self }
    }
}

/// Which model is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Choice {
    /// This one.
    Now(usize),
    /// This one, but not before that.
    At(usize, Instant),
    /// There is none left.
    Nobody,
}

/// The first model that has not failed for good in this call and is not left alone; or the one that is left alone for the shortest time.
pub(super) fn choose(models: &[Arc<dyn Model>], spent: &[bool], pacing: &Pacing, seam: &Seam) -> Choice {
    let mut soonest: Option<(usize, Instant)> = None;
    for (index, model) in models.iter().enumerate() {
        if spent.get(index).copied().unwrap_or_default() {
            continue;
        }
        let info = model.info();
        match pacing.cooling(&info.account, &info.name, seam) {
            None => return Choice::Now(index),
            Some(until) if soonest.is_none_or(|(_, soonest)| until < soonest) => soonest = Some((index, until)),
            Some(_) => {}
        }
    }
    soonest.map_or(Choice::Nobody, |(index, until)| Choice::At(index, until))
}
