//! Gathers items into batches, those of each tenant apart, until a batch is full, its time is up, or nobody is left in it.
//! Knows neither what an item is nor what is done with a batch, and waits for nothing itself.

use crate::sync::{Mutex, MutexGuard, lock};
use std::collections::HashMap;
use std::sync::Arc;
use std::task::{Context, Waker};

/// Whose batch it is; items without a tenant share batches as those of one tenant do.
pub(super) type Tenant = Option<Arc<str>>;

/// The batches of one place that still take items.
pub(super) struct Gather<T> {
    size: usize,
    open: Mutex<HashMap<Tenant, Arc<Batch<T>>>>,
}

/// One batch, from its first item to its last answer.
pub(super) struct Batch<T> {
    tenant: Tenant,
    state: Mutex<State<T>>,
}

struct State<T> {
    items: Vec<(Ticket, T)>,
    next: u32,
    /// How many wait for their answers.
    staying: usize,
    sealed: bool,
    /// Who works on the batch.
    worker: Option<Waker>,
}

/// Who stands in a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket(u32);

/// A place in a batch.
pub(super) struct Joined<T> {
    pub(super) batch: Arc<Batch<T>>,
    pub(super) ticket: Ticket,
    /// Whether it is the first in it: then nobody works on the batch yet.
    pub(super) is_first: bool,
}

impl<T> Gather<T> {
    /// For batches of up to `size` items.
    pub(super) fn new(size: usize) -> Self {
        Gather { size, open: Mutex::new(HashMap::new()) }
    }

    /// Puts an item into the open batch of `tenant`, or into a new one. A batch that is full takes nothing more.
    pub(super) fn join(&self, tenant: Tenant, item: T) -> Joined<T> {
        let mut open = lock(&self.open);
        let (batch, is_first) = match open.get(&tenant) {
            Some(batch) => (batch.clone(), false),
            None => {
                let batch = Arc::new(Batch::new(tenant.clone()));
                open.insert(tenant.clone(), batch.clone());
                (batch, true)
            }
        };
        let mut state = batch.state();
        let ticket = Ticket(state.next);
        state.next += 1;
        state.staying += 1;
        state.items.push((ticket, item));
        let full = state.items.len() >= self.size;
        state.sealed = full;
        let worker = if full { state.worker.take() } else { None };
        drop(state);
        if full {
            open.remove(&tenant);
        }
        drop(open);
        wake(worker);
        Joined { batch, ticket, is_first }
    }

    /// Takes an item out of a batch that still gathers; of any other one it only notes that nobody waits for it. Either way
    /// one less stays, and behind the last one the batch is told. Call it once for each item.
    pub(super) fn leave(&self, batch: &Arc<Batch<T>>, ticket: Ticket) -> Option<T> {
        let mut open = lock(&self.open);
        let mut state = batch.state();
        state.staying -= 1;
        let at = state.items.iter().position(|(standing, _)| *standing == ticket).filter(|_| !state.sealed);
        let item = at.map(|at| state.items.remove(at).1);
        let worker = if state.staying == 0 { state.worker.take() } else { None };
        let closes = state.staying == 0 && !state.sealed;
        state.sealed |= closes;
        drop(state);
        if closes {
            open.remove(&batch.tenant);
        }
        drop(open);
        wake(worker);
        item
    }

    /// Lets nothing more into the batch, and takes what is in it.
    pub(super) fn seal(&self, batch: &Batch<T>) -> Vec<T> {
        let mut open = lock(&self.open);
        let mut state = batch.state();
        let closes = !std::mem::replace(&mut state.sealed, true);
        let items = std::mem::take(&mut state.items);
        drop(state);
        if closes {
            open.remove(&batch.tenant);
        }
        items.into_iter().map(|(_, item)| item).collect()
    }
}

impl<T> Batch<T> {
    fn new(tenant: Tenant) -> Self {
        let state = State { items: Vec::new(), next: 0, staying: 0, sealed: false, worker: None };
        Batch { tenant, state: Mutex::new(state) }
    }

    pub(super) fn tenant(&self) -> Option<&Arc<str>> {
        self.tenant.as_ref()
    }

    /// Whether the batch takes nothing more. Otherwise the task is woken when that changes.
    pub(super) fn poll_sealed(&self, task: &mut Context<'_>) -> bool {
        let mut state = self.state();
        let before = state.worker.replace(task.waker().clone());
        let sealed = state.sealed;
        drop(state);
        drop(before);
        sealed
    }

    /// Whether nobody waits for an answer any more. Otherwise the task is woken when that changes.
    pub(super) fn poll_left(&self, task: &mut Context<'_>) -> bool {
        let mut state = self.state();
        let before = state.worker.replace(task.waker().clone());
        let left = state.staying == 0;
        drop(state);
        drop(before);
        left
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        lock(&self.state)
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}
