//! Holds the channels of a started flow, by the places that they lead to. The one place where a channel is erased: what
//! travels in it is known to the place alone.

use std::any::Any;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::Instant;

/// One `queue` of a started flow, as it looks at one moment.
///
/// ```
/// use penguiflow::prelude::*;
///
/// #[node]
/// async fn embed_line(line: String) -> usize { line.len() }
/// flow! { embedding(String) -> usize { queue(64, workers = 4) -> embed_line } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = embedding::flow().start()?;
/// app.call("krill".to_owned()).await?;
/// let queue = app.queues().next().expect("a message went through it");
/// assert_eq!((queue.node, queue.capacity, queue.workers), ("embed_line", 64, 4));
/// assert_eq!((queue.depth, queue.waiting, queue.running), (0, 0, 0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueueInfo {
    /// The flow that the queue stands in.
    pub flow: &'static str,
    /// The node behind the queue.
    pub node: &'static str,
    /// The node's place: as in [`FlowError::place`](crate::FlowError::place), without the indices of items and turns, which
    /// share the queue. `4/7` is step 7 of the sub-flow at step 4.
    pub place: String,
    /// How many messages may stand in the queue.
    pub capacity: usize,
    /// How many messages the node may run at once.
    pub workers: usize,
    /// How many messages stand in the queue. Never more than `capacity`.
    pub depth: usize,
    /// How many traces wait for room in the queue.
    pub waiting: usize,
    /// How many messages the node runs now. Never more than `workers`.
    pub running: usize,
    /// How long the first message in the queue has waited so far. Zero for an empty queue.
    pub longest_wait: Duration,
}

/// A channel, whatever travels in it.
pub(crate) trait Channel: Any + Send + Sync {
    /// How it looks, unless it is no queue.
    fn info(&self, now: Instant) -> Option<QueueInfo>;
    /// Lets nothing in any more, and sends home who works at it.
    fn close(&self);
}

/// The channels of a started flow. Each is opened when something comes to its place first.
pub(crate) struct Channels {
    open: RwLock<Open>,
    /// Where those run who work at them.
    runtime: Handle,
}

#[derive(Default)]
struct Open {
    by_place: HashMap<Box<[u32]>, Arc<dyn Channel>, BuildHasherDefault<PlaceHasher>>,
    closed: bool,
}

/// Places are few, short, and chosen by nobody outside: FNV-1a, a word at a time.
struct PlaceHasher(u64);

impl Default for PlaceHasher {
    fn default() -> Self {
        PlaceHasher(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for PlaceHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(4) {
            let mut word = [0; 4];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0 ^ u64::from(u32::from_ne_bytes(word))).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl Channels {
    pub(crate) fn new(runtime: Handle) -> Self {
        Channels { open: RwLock::default(), runtime }
    }

    /// Where tasks of the flow run.
    pub(crate) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// The channel at `place`, opened by `open` if it is not open yet; nothing once the flow has ended.
    pub(crate) fn at<C: Channel>(&self, place: &[u32], open: impl FnOnce(&Handle) -> Arc<C>) -> Option<Arc<C>> {
        let known = self.open.read().unwrap_or_else(PoisonError::into_inner).by_place.get(place).cloned();
        let channel = match known {
            Some(channel) => channel,
            None => {
                let mut all = self.open.write().unwrap_or_else(PoisonError::into_inner);
                if all.closed {
                    return None;
                }
                all.by_place.entry(place.into()).or_insert_with(|| open(&self.runtime)).clone()
            }
        };
        // A place is a place of one flow, so what travels to it is always the same.
        (channel as Arc<dyn Any + Send + Sync>).downcast().ok()
    }

    /// Closes all channels, for good.
    pub(crate) fn close(&self) {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.closed = true;
        let all = std::mem::take(&mut open.by_place);
        drop(open);
        all.values().for_each(|channel| channel.close());
    }

    /// How the queues look, in the order of their places.
    pub(crate) fn queues(&self, now: Instant) -> Vec<QueueInfo> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = open.by_place.iter().map(|(place, channel)| (place.clone(), channel.clone())).collect();
        drop(open);
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        all.iter().filter_map(|(_, channel)| channel.info(now)).collect()
    }
}
