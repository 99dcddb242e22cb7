//! How many requests go to an account, and when: shared by all clients of a process. Must not know what is asked, nor retry.

mod bucket;
mod cooldown;

use crate::clock::Seam;
use crate::llm::pace::bucket::Bucket;
use crate::llm::pace::cooldown::Cooldowns;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

static PROCESS: LazyLock<Pacing> = LazyLock::new(Pacing::new);

/// How many requests may go to an account, and which models are to be left alone for a while.
///
/// An account is a provider with one key of it, see [`ModelInfo::account`](crate::llm::ModelInfo::account): the provider counts all that
/// comes with that key together, so what limits it is shared. Clones share everything; without one of their own, all clients share that
/// of the [process](Pacing::process).
///
/// ```
/// use penguiflow::llm::{PaceLimits, Pacing};
///
/// let pacing = Pacing::new();
/// pacing.limit("openai", PaceLimits::new().concurrency(16).requests_per_minute(500));
/// assert_eq!(pacing.limits("openai#3f2a"), PaceLimits::new().concurrency(16).requests_per_minute(500));
/// ```
///
/// *Order*: whoever waits longest is next; nobody overtakes.
///
/// *Cancel safety*: who stops waiting gives up the turn, and takes nothing along.
#[derive(Clone, Default)]
pub struct Pacing {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    limits: Mutex<HashMap<String, PaceLimits>>,
    accounts: Mutex<HashMap<String, Arc<Account>>>,
    cooldowns: Cooldowns,
}

/// What an account takes. What is not set is not limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaceLimits {
    /// How many requests at once.
    pub concurrency: Option<u32>,
    /// How many requests in a minute.
    pub requests_per_minute: Option<u32>,
    /// How many tokens in a minute, read and written. A request takes what it is [estimated](crate::llm::estimate_request) to read and may
    /// write at most, and gives back what it did not use.
    pub tokens_per_minute: Option<u32>,
}

impl PaceLimits {
    /// Without a limit.
    #[must_use]
    pub const fn new() -> Self {
        PaceLimits { concurrency: None, requests_per_minute: None, tokens_per_minute: None }
    }

    /// At most so many requests at once; 0 is taken as 1.
    #[must_use]
    pub const fn concurrency(self, requests: u32) -> Self {
        PaceLimits { concurrency: Some(requests), ..self }
    }

    /// At most so many requests in a minute; 0 is taken as 1.
    #[must_use]
    pub const fn requests_per_minute(self, requests: u32) -> Self {
        PaceLimits { requests_per_minute: Some(requests), ..self }
    }

    /// At most so many tokens in a minute; 0 is taken as 1. A request that asks for more than all of a minute waits for a full minute's.
    #[must_use]
    pub const fn tokens_per_minute(self, tokens: u32) -> Self {
        PaceLimits { tokens_per_minute: Some(tokens), ..self }
    }
}

impl Pacing {
    /// A pacing of its own, that nobody else shares.
    #[must_use]
    pub fn new() -> Self {
        Pacing::default()
    }

    /// That of the process, which clients have unless they are given another one.
    #[must_use]
    pub fn process() -> Self {
        PROCESS.clone()
    }

    /// Limits a provider, as `openai`, or one account of it, as `openai#3f2a`. What waits already still waits by the limits from before.
    pub fn limit(&self, provider_or_account: impl Into<String>, limits: PaceLimits) {
        lock(&self.shared.limits).insert(provider_or_account.into(), limits);
        // Made anew by whoever comes next.
        lock(&self.shared.accounts).clear();
    }

    /// The limits that hold for an account: its own ones, or else its provider's.
    #[must_use]
    pub fn limits(&self, account: &str) -> PaceLimits {
        let limits = lock(&self.shared.limits);
        let provider = account.split('#').next().unwrap_or(account);
        limits.get(account).or_else(|| limits.get(provider)).copied().unwrap_or_default()
    }

    /// Waits until a request of so many tokens may go to the account.
    pub(crate) async fn turn(&self, account: &str, tokens: u64, seam: &Seam) -> Turn {
        let account = self.account(account, seam);
        let permit = match &account.places {
            // It is never closed.
            Some(places) => places.clone().acquire_owned().await.ok(),
            None => None,
        };
        if let Some(requests) = &account.requests {
            requests.take(1, seam).await;
        }
        if let Some(bucket) = &account.tokens {
            bucket.take(tokens, seam).await;
        }
        Turn { _permit: permit, account, tokens }
    }

    fn account(&self, name: &str, seam: &Seam) -> Arc<Account> {
        let limits = self.limits(name);
        let mut accounts = lock(&self.shared.accounts);
        accounts.entry(name.to_owned()).or_insert_with(|| Arc::new(Account::new(limits, seam.now()))).clone()
    }

    /// Leaves a model of an account alone for so long, unless it is left alone for longer already.
    pub(crate) fn cool(&self, account: &str, model: &str, wait: Duration, seam: &Seam) {
        self.shared.cooldowns.cool(account, model, wait, seam);
    }

    /// Until when a model of an account is left alone.
    pub(crate) fn cooling(&self, account: &str, model: &str, seam: &Seam) -> Option<Instant> {
        self.shared.cooldowns.until(account, model, seam)
    }
}

impl fmt::Debug for Pacing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pacing").field("limits", &*lock(&self.shared.limits)).finish_non_exhaustive()
    }
}

struct Account {
    places: Option<Arc<Semaphore>>,
    requests: Option<Bucket>,
    tokens: Option<Bucket>,
}

impl Account {
    fn new(limits: PaceLimits, now: Instant) -> Self {
        let places = |count: u32| Arc::new(Semaphore::new(count.max(1) as usize));
        Account {
            places: limits.concurrency.map(places),
            requests: limits.requests_per_minute.map(|most| Bucket::new(most, now)),
            tokens: limits.tokens_per_minute.map(|most| Bucket::new(most, now)),
        }
    }
}

/// One request's turn. Dropped, it gives its place back.
pub(crate) struct Turn {
    _permit: Option<OwnedSemaphorePermit>,
    account: Arc<Account>,
    tokens: u64,
}

impl Turn {
    /// The request is done and has used so many tokens; what it took beyond that is given back, what it took too little is owed.
    pub(crate) fn used(self, tokens: u64) {
        if let Some(bucket) = &self.account.tokens {
            bucket.correct(self.tokens, tokens);
        }
    }
}

/// No code that holds one of these locks can panic.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
