//! Holds what a started flow knows about each of its nodes: overrides, limits, stubs.
//! The one place where a stub itself is erased.

#[cfg(feature = "testkit")]
mod told;

use crate::bug::bug;
use crate::clock::{Seam, later};
use crate::error::{Ending, NodeError};
use crate::graph::channels::Channels;
use crate::graph::letters::{DeadLetter, Letters, Unseen};
use crate::graph::node::{Listed, Listing, NodeDef};
use crate::graph::scope::Scope;
use crate::graph::stub::{StubFuture, Stubbed};
use crate::graph::watch::Tap;
use crate::id::TraceId;
use crate::message::Headers;
use crate::policy::{Policy, Rate};
use std::any::{Any, TypeId};
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::Instant;

/// Stands in for a node's function. It takes the input out of an `Option`, and gives nothing if that is not of its type.
type Stub = Arc<dyn Fn(&mut dyn Any) -> Option<StubFuture> + Send + Sync>;

/// What all traces of a started flow share.
pub(crate) struct Shared {
    pub(crate) seam: Seam,
    pub(crate) nodes: NodeTable,
    pub(crate) channels: Channels,
    /// Chunks that were sent and will be read by nobody.
    discarded: AtomicU64,
    pub(crate) letters: Arc<Letters>,
    pub(crate) tap: Tap,
}

impl Shared {
    pub(crate) fn new(seam: Seam, nodes: NodeTable, channels: Channels, letters: Letters, tap: Tap) -> Self {
        Shared { seam, nodes, channels, discarded: AtomicU64::new(0), letters: Arc::new(letters), tap }
    }

    /// Lets those who observe the flow now observe a trace from its beginning.
    #[inline]
    pub(crate) fn observed(&self, scope: Scope) -> Scope {
        match self.tap.watch() {
            None => scope,
            Some(watch) => scope.watched(watch),
        }
    }

    pub(crate) fn count_discarded(&self) {
        self.discarded.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes an ending that nobody is there to see.
    #[cold]
    pub(crate) fn dead_letter(&self, trace_id: TraceId, headers: &Headers, unseen: Unseen, ending: Ending<()>) {
        let (headers, at) = (headers.clone(), self.seam.wall());
        self.letters.put(DeadLetter { trace_id, headers, unseen, ending, at });
    }

    pub(crate) fn discarded(&self) -> u64 {
        self.discarded.load(Ordering::Relaxed)
    }
}

/// Nobody is left who could put a letter in.
impl Drop for Shared {
    fn drop(&mut self) {
        self.letters.close();
    }
}

/// What the hops of a started flow see: the state of its nodes, and what all traces share.
pub(crate) struct Env<S> {
    pub(crate) state: S,
    pub(crate) shared: Arc<Shared>,
}

/// Behind the last handle and the last trace nothing comes through a channel any more: who works there may go.
impl<S> Drop for Env<S> {
    fn drop(&mut self) {
        self.shared.channels.close();
    }
}

/// What a started flow knows about its nodes.
pub(crate) struct NodeTable {
    slots: HashMap<TypeId, Slot, BuildHasherDefault<IdHasher>>,
    touched: bool,
    /// The routing policies, by their types.
    policies: HashMap<TypeId, Arc<dyn Any + Send + Sync>, BuildHasherDefault<IdHasher>>,
    orphans: Arc<AtomicUsize>,
}

/// What a started flow knows about one node.
pub(crate) struct Slot {
    pub(crate) policy: Policy,
    pub(crate) permits: Option<Arc<Semaphore>>,
    pub(crate) rate: Option<RateWindow>,
    /// The node whose function runs here, and whose stub stands in for it.
    function: TypeId,
    stub: Option<Stub>,
}

impl NodeTable {
    /// The table of the listed nodes under their own policies.
    pub(crate) fn new(listing: &Listing) -> Self {
        let slot = |listed: &Listed| (listed.id, Slot::new(listed.function, listed.policy));
        NodeTable {
            slots: listing.nodes.iter().map(slot).collect(),
            touched: false,
            policies: HashMap::default(),
            orphans: Arc::default(),
        }
    }

    /// Puts `policy` in the place of the node's own; false if the flow has no such node.
    pub(crate) fn set_policy(&mut self, id: TypeId, policy: Policy) -> bool {
        self.touched = true;
        let Some(slot) = self.slots.get_mut(&id) else { return false };
        *slot = Slot { stub: slot.stub.take(), ..Slot::new(slot.function, policy) };
        true
    }

    /// Puts a stub in the place of a node's function, wherever it runs; false if it runs nowhere in the flow.
    pub(crate) fn set_stub<I, O, Fut>(
        &mut self,
        function: TypeId,
        stub: impl Fn(I) -> Fut + Send + Sync + 'static,
    ) -> bool
    where
        I: 'static,
        O: Send + 'static,
        Fut: Future<Output = Result<O, NodeError>> + Send + 'static,
    {
        self.touched = true;
        let stub: Stub = Arc::new(move |input| {
            let result = stub(input.downcast_mut::<Option<I>>()?.take()?);
            Some(Box::pin(async move { Ok(Box::new(Some(result.await?)) as Stubbed) }))
        });
        let places = self.slots.values_mut().filter(|slot| slot.function == function);
        places.map(|slot| slot.stub = Some(stub.clone())).count() > 0
    }

    /// Gives a value to all routers that ask a policy of its type.
    pub(crate) fn set_routing(&mut self, id: TypeId, policy: Arc<dyn Any + Send + Sync>) {
        self.policies.insert(id, policy);
    }

    /// The policy of that type, whichever it is.
    pub(crate) fn routing_by_id(&self, id: TypeId) -> Option<&(dyn Any + Send + Sync)> {
        self.policies.get(&id).map(|policy| &**policy)
    }

    /// The policy `P`.
    pub(crate) fn routing<P: Any>(&self) -> Option<&P> {
        self.routing_by_id(TypeId::of::<P>())?.downcast_ref()
    }

    /// Whether a hop has to look at the node's slot: in most flows nothing was changed and nothing is limited.
    #[inline]
    pub(crate) fn concerns<N: NodeDef>(&self) -> bool {
        self.touched || N::POLICY.is_limited()
    }

    /// The slot of the node `id`, whose attribute wrote the policy `own`, where a hop has to look at it.
    pub(crate) fn slot_of(&self, id: fn() -> TypeId, own: &Policy) -> Option<&Slot> {
        if self.touched || own.is_limited() { self.slots.get(&id()) } else { None }
    }

    /// The counter of blocking calls that outlived their trace.
    pub(crate) fn orphans(&self) -> &Arc<AtomicUsize> {
        &self.orphans
    }

    pub(crate) fn orphan_count(&self) -> usize {
        self.orphans.load(Ordering::Relaxed)
    }
}

impl Slot {
    fn new(function: TypeId, policy: Policy) -> Self {
        let permits = policy
            .concurrency
            .map(|limit| Arc::new(Semaphore::new(limit.max(1) as usize + usize::from(bug("wide_permits")))));
        Slot { policy, permits, rate: policy.rate.map(RateWindow::new), function, stub: None }
    }

    /// What the node's stub gives for what it takes out of `input`, if it has one.
    pub(crate) fn stub(&self, input: &mut dyn Any) -> Option<StubFuture> {
        self.stub.as_ref().and_then(|stub| stub(input))
    }
}

/// Lets at most `count` attempts start in any window of length `per`: a start waits until the one `count` starts earlier
/// is `per` old. Those that wait stand in a queue, so that one which gives up takes nobody's turn.
pub(crate) struct RateWindow {
    rate: Rate,
    starts: Arc<Mutex<VecDeque<Instant>>>,
}

impl RateWindow {
    fn new(rate: Rate) -> Self {
        RateWindow { rate: Rate { count: rate.count.max(1), ..rate }, starts: Arc::default() }
    }

    /// Waits for the turn of one start, and takes it.
    ///
    /// *Cancel safety*: dropping the future leaves the queue and takes no turn.
    pub(crate) fn turn(&self, seam: Seam) -> impl Future<Output = ()> + Send + use<> {
        let (rate, starts) = (self.rate, self.starts.clone());
        async move {
            let mut starts = starts.lock().await;
            if starts.len() >= rate.count as usize
                && let Some(oldest) = starts.front()
            {
                seam.sleep_until(later(*oldest, rate.per)).await;
                starts.pop_front();
            }
            starts.push_back(seam.now());
        }
    }
}

/// A `TypeId` is a hash already.
#[derive(Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 ^= u64::from_ne_bytes(word);
        }
    }
}
