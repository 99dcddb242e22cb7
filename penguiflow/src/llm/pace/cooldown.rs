//! Which models are left alone, and until when. Must not know why.

use crate::clock::{Seam, later};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How many models are kept before those are forgotten that may be asked again.
const MODELS_MAX: usize = 1024;

#[derive(Default)]
pub(super) struct Cooldowns {
    until: Mutex<HashMap<(String, String), Instant>>,
}

impl Cooldowns {
    pub(super) fn cool(&self, account: &str, model: &str, wait: Duration, seam: &Seam) {
        let now = seam.now();
        let end = later(now, wait);
        let mut all = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MODELS_MAX {
            all.retain(|_, until| *until > now);
        }
        let until = all.entry((account.to_owned(), model.to_owned())).or_insert(end);
        *until = end.max(*until);
    }

    pub(super) fn until(&self, account: &str, model: &str, seam: &Seam) -> Option<Instant> {
        let all = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let until = all.get(&(account.to_owned(), model.to_owned())).copied()?;
        (until > seam.now()).then_some(until)
    }
}
