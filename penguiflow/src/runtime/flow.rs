//! A flow before it starts: its state, its options, and what tests and operators change about its nodes.

#[cfg(feature = "testkit")]
pub(crate) mod interposed;
#[cfg(feature = "recording")]
pub(crate) mod taped;

use crate::clock::Seam;
use crate::error::NodeError;
use crate::graph::channels::Channels;
use crate::graph::letters::Letters;
use crate::graph::node::{FlowDef, Keep, Listing, NodeDef};
use crate::graph::routing::{NoSuchArm, Routing, RoutingPolicy};
use crate::graph::run::FlowBody;
use crate::graph::table::{NodeTable, Shared};
use crate::graph::topology::FlowInfo;
use crate::graph::watch::Tap;
use crate::graph::watch::between::Between;
use crate::message::Budget;
use crate::policy::{Effect, Policy};
use crate::runtime::admission::Admission;
use crate::runtime::desk::{Desk, Running, frame_bytes};
use crate::runtime::handle::Handle;
use crate::runtime::keys::Keys;
use std::any::{TypeId, type_name};
use std::future::Future;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// A flow that is not started yet. [`start`](FlowBuilder::start) gives the [`Handle`] that runs messages.
///
/// ```
/// use penguiflow::prelude::*;
///
/// #[node]
/// async fn shout(text: String) -> String { text.to_uppercase() }
///
/// flow! { loud(String) -> String { shout } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = loud::flow().start()?;
/// assert_eq!(app.call("penguin".to_owned()).await?, "PENGUIN");
/// # Ok(())
/// # }
/// ```
#[must_use = "a flow does nothing until `.start()`"]
pub struct FlowBuilder<F, S = ()> {
    state: S,
    options: Options,
    changes: Vec<Change>,
    /// The routing policies that were given, by their types and the names of these.
    routings: Vec<(TypeId, &'static str)>,
    /// Who stands between the hops and the nodes, in tests and where traces are recorded.
    between: Between,
    flow: PhantomData<fn() -> F>,
}

/// What is changed about a node before the start; a fault is told by `start`.
type Change = Box<dyn FnOnce(&mut NodeTable) -> Result<(), StartError> + Send>;

/// What a started flow holds to.
///
/// | option | default | meaning |
/// |---|---|---|
/// | `in_flight` | 1,024 | traces that may run at once; `emit` and `call` wait for room beyond it |
/// | `chunk_lag` | 64 | chunks of one trace that may be unread; its [writers](crate::StreamWriter) wait beyond it |
/// | `idempotency_keys` | 10,000 | [keys](crate::Message::with_idempotency_key) of ended traces that are remembered |
/// | `idempotency_retention` | 10 min | how long they are, from the ending on |
/// | `dead_letters` | 1,024 | [dead letters](crate::DeadLetters) that wait for their reader; further ones are lost and counted |
/// | `call_depth` | 16 | how many [calls](crate::Ctx::call) deep the flow may be called from inside other traces |
/// | `deadline` | none | the longest that a trace may take; a message may ask for less, not for more |
/// | `budget` | none | the most that a trace may spend; a message may ask for less, not for more |
/// | `seam` | the system's | where time, ids and randomness come from |
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// Traces that may run at once. Default 1,024; 0 counts as 1.
    pub in_flight: usize,
    /// Chunks of one trace that may be unread. Default 64; 0 counts as 1.
    pub chunk_lag: usize,
    /// Idempotency keys of ended traces that are remembered. Default 10,000; with 0 a key is known while its trace runs.
    pub idempotency_keys: usize,
    /// How long the key of an ended trace is remembered. Default 10 minutes.
    pub idempotency_retention: Duration,
    /// Dead letters that may be unread. Default 1,024; 0 counts as 1.
    pub dead_letters: usize,
    /// How many calls deep the flow may be called from inside other traces. Default 16; 0 refuses all such calls.
    pub call_depth: u32,
    /// The longest that a trace may take, beside what the flow itself says by `budget { … }`: the shorter time holds. Default
    /// none.
    pub deadline: Option<Duration>,
    /// The most that a trace may spend, beside what the flow itself says by `budget { … }`: the narrower limit of each kind
    /// holds. Default without a limit.
    pub budget: Budget,
    /// Where time, ids and randomness come from. Default the system's.
    pub seam: Seam,
}

impl Options {
    /// The default of [`Options::in_flight`].
    pub const IN_FLIGHT: usize = 1_024;
    /// The default of [`Options::chunk_lag`].
    pub const CHUNK_LAG: usize = 64;
    /// The default of [`Options::idempotency_keys`].
    pub const IDEMPOTENCY_KEYS: usize = 10_000;
    /// The default of [`Options::idempotency_retention`].
    pub const IDEMPOTENCY_RETENTION: Duration = Duration::from_secs(600);
    /// The default of [`Options::dead_letters`].
    pub const DEAD_LETTERS: usize = 1_024;
    /// The default of [`Options::call_depth`].
    pub const CALL_DEPTH: u32 = 16;

    /// The defaults.
    pub fn new() -> Self {
        Options {
            in_flight: Options::IN_FLIGHT,
            chunk_lag: Options::CHUNK_LAG,
            idempotency_keys: Options::IDEMPOTENCY_KEYS,
            idempotency_retention: Options::IDEMPOTENCY_RETENTION,
            dead_letters: Options::DEAD_LETTERS,
            call_depth: Options::CALL_DEPTH,
            deadline: None,
            budget: Budget::new(),
            seam: Seam::system(),
        }
    }

    /// Lets `in_flight` traces run at once.
    pub fn with_in_flight(mut self, in_flight: usize) -> Self {
        self.in_flight = in_flight;
        self
    }

    /// Lets `chunk_lag` chunks of one trace be unread.
    pub fn with_chunk_lag(mut self, chunk_lag: usize) -> Self {
        self.chunk_lag = chunk_lag;
        self
    }

    /// Remembers the idempotency keys of `count` ended traces, each for `retention`.
    pub fn with_idempotency(mut self, count: usize, retention: Duration) -> Self {
        (self.idempotency_keys, self.idempotency_retention) = (count, retention);
        self
    }

    /// Keeps `dead_letters` unread dead letters for who reads them.
    pub fn with_dead_letters(mut self, dead_letters: usize) -> Self {
        self.dead_letters = dead_letters;
        self
    }

    /// Lets the flow be called `call_depth` calls deep from inside other traces.
    pub fn with_call_depth(mut self, call_depth: u32) -> Self {
        self.call_depth = call_depth;
        self
    }

    /// Lets no trace take longer than `deadline`.
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Lets no trace spend more than `budget`.
    pub fn with_budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// Takes time, ids and randomness from `seam`.
    pub fn with_seam(mut self, seam: Seam) -> Self {
        self.seam = seam;
        self
    }
}

impl Default for Options {
    fn default() -> Self {
        Options::new()
    }
}

/// Why a flow did not start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// `start` was called outside a tokio runtime.
    #[error("no tokio runtime: call `start()` inside `#[tokio::main]`, `Runtime::block_on` or a task")]
    NoRuntime,
    /// The tokio runtime has no timer, so no timeout and no deadline could ever fire.
    #[error("the tokio runtime has no timer: build it with `.enable_time()` or `.enable_all()`")]
    NoTimer,
    /// A changed node is no part of the flow.
    #[error("`{node}` is no node of the flow `{flow}`, so it cannot be overridden or stubbed there")]
    NoSuchNode {
        /// The node.
        node: &'static str,
        /// The flow.
        flow: &'static str,
    },
    /// Retries were given to a node whose input is not kept.
    #[error(
        "`{node}` was written without `retries`, so its input is not kept for another attempt: write `#[node(retries = 0)]`"
    )]
    NotRetryable {
        /// The node.
        node: &'static str,
    },
    /// Validation was changed, which is part of the node's code and no limit.
    #[error("what `{node}` validates is part of its code: change `validate` in its attribute")]
    ValidationIsFixed {
        /// The node.
        node: &'static str,
    },
    /// A router asks a policy that was not given.
    #[error("`{router}` asks the policy `{policy}`: give it by `.with_routing(…)`")]
    NoRoutingPolicy {
        /// The router.
        router: &'static str,
        /// The policy, as the flow writes it.
        policy: &'static str,
    },
    /// A policy was given that no router asks.
    #[error("no router of the flow `{flow}` asks the policy `{policy}`: write `with` behind the router's name")]
    UnusedRoutingPolicy {
        /// The policy's type.
        policy: &'static str,
        /// The flow.
        flow: &'static str,
    },
    /// A policy names an arm that its router has not.
    #[error("the policy `{policy}` cannot be used: {source}")]
    NoSuchArm {
        /// The policy, as the flow writes it.
        policy: &'static str,
        /// The arm.
        source: NoSuchArm,
    },
    /// A flow is to be recorded of which something cannot be written down.
    #[error(
        "the flow `{flow}` cannot be recorded, because there is no way to write down {what}: derive `Serialize` and `Deserialize` for the type, which must hold no `Secret`"
    )]
    NotRecordable {
        /// The flow.
        flow: &'static str,
        /// What there is no way for, as `what ``search`` returns`.
        what: String,
    },
    /// A flow is to be recorded in which a node takes batches.
    #[error(
        "the flow `{flow}` cannot be recorded: `{node}` takes batches, which are made of the messages of several traces"
    )]
    RecordsNoBatch {
        /// The flow.
        flow: &'static str,
        /// The node.
        node: &'static str,
    },
    /// Retries were given to a node whose effect must not be repeated.
    #[error("`{node}` is irreversible and is never tried twice")]
    Irreversible {
        /// The node.
        node: &'static str,
    },
}

impl<F: FlowDef> FlowBuilder<F> {
    /// The flow without a state, with the default options. Called by what `flow!` writes.
    pub fn new() -> Self {
        let (options, changes, routings) = (Options::new(), Vec::new(), Vec::new());
        FlowBuilder { state: (), options, changes, routings, between: Between::default(), flow: PhantomData }
    }

    /// Gives the flow what its nodes borrow by [`State`](crate::State).
    pub fn with_state<S>(self, state: S) -> FlowBuilder<F, S> {
        let FlowBuilder { options, changes, routings, between, .. } = self;
        FlowBuilder { state, options, changes, routings, between, flow: PhantomData }
    }
}

impl<F: FlowDef> Default for FlowBuilder<F> {
    fn default() -> Self {
        FlowBuilder::new()
    }
}

impl<F: FlowDef, S> FlowBuilder<F, S> {
    /// What the flow tells of itself, before it is started: for drawings and checks. See [`Handle::info`].
    pub fn info(&self) -> &'static FlowInfo {
        F::INFO
    }

    /// Replaces the options.
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Changes the policy of the node `N` in all its places, sub-flows included. `change` gets the policy that the
    /// attribute wrote. An `as` instance keeps the policy that its flow wrote, and has no type that could be named here: what
    /// is to be changed at one place alone is a `#[node]` of its own there, which calls the shared function.
    ///
    /// # Errors
    /// `start` tells if the flow has no such node, if the node cannot be tried again, or if `validate` was changed.
    pub fn override_policy<N: NodeDef>(mut self, change: impl FnOnce(Policy) -> Policy + Send + 'static) -> Self {
        self.changes.push(Box::new(|table| {
            let policy = change(N::POLICY);
            if policy.validate != N::POLICY.validate {
                return Err(StartError::ValidationIsFixed { node: N::NAME });
            }
            if policy.retries > 0 && policy.effect == Effect::Irreversible {
                return Err(StartError::Irreversible { node: N::NAME });
            }
            if policy.retries > 0 && !N::Keep::KEEPS {
                return Err(StartError::NotRetryable { node: N::NAME });
            }
            let known = table.set_policy(TypeId::of::<N>(), policy);
            if known { Ok(()) } else { Err(no_such::<N, F>()) }
        }));
        self
    }

    /// Puts `stub` in the place of the function of the node `N`, in all its places, sub-flows and `as` instances included;
    /// their policies stay, so errors are retried and counted as the node's own. Where the node says `validate`, what its
    /// stub takes and gives is validated as well: a stub gives nothing that the node could not give.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    ///
    /// #[node(retries = 2)]
    /// async fn fetch(url: String) -> std::io::Result<String> { Err(std::io::Error::other(url)) }
    /// flow! { page(String) -> String { fetch } }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = page::flow().stub::<fetch>(|url| Ok(format!("<p>{url}</p>"))).start()?;
    /// assert_eq!(app.call("here".to_owned()).await?, "<p>here</p>");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `start` tells if the flow has no such node.
    pub fn stub<N: NodeDef<Yield: Send>>(
        self,
        stub: impl Fn(N::In) -> Result<N::Yield, NodeError> + Send + Sync + 'static,
    ) -> Self {
        self.stub_by::<N, _>(move |input| {
            let result = stub(input).and_then(N::checked);
            async move { result }
        })
    }

    /// [`stub`](FlowBuilder::stub) with a future, for a stub that waits or hangs: `.stub_async::<fetch, _>(|url| async …)`.
    ///
    /// # Errors
    /// `start` tells if the flow has no such node.
    pub fn stub_async<N, Fut>(self, stub: impl Fn(N::In) -> Fut + Send + Sync + 'static) -> Self
    where
        N: NodeDef,
        Fut: Future<Output = Result<N::Yield, NodeError>> + Send + 'static,
    {
        self.stub_by::<N, _>(move |input| {
            let result = stub(input);
            async move { N::checked(result.await?) }
        })
    }

    fn stub_by<N, Fut>(mut self, stub: impl Fn(N::In) -> Fut + Send + Sync + 'static) -> Self
    where
        N: NodeDef,
        Fut: Future<Output = Result<N::Yield, NodeError>> + Send + 'static,
    {
        self.changes.push(Box::new(|table| {
            let known = table.set_stub(TypeId::of::<N>(), stub);
            if known { Ok(()) } else { Err(no_such::<N, F>()) }
        }));
        self
    }

    /// Gives the flow's routers that ask a policy of this type, `triage with P { … }`, sub-flows included, its value. A second
    /// one of the same type replaces the first.
    ///
    /// # Errors
    /// `start` tells if no router asks it, if a router asks a policy that was not given, or if a policy names an arm that its
    /// router has not.
    pub fn with_routing<P: RoutingPolicy>(mut self, policy: P) -> Self {
        self.changes.push(Box::new(|table| {
            table.set_routing(TypeId::of::<P>(), Arc::new(policy));
            Ok(())
        }));
        self.routings.push((TypeId::of::<P>(), type_name::<P>()));
        self
    }

    /// The bytes of the future that runs a message through the flow: what a trace of it holds on to while it waits, beside
    /// what its nodes put on the heap. A sub-flow counts as one pointer, because its body is boxed.
    ///
    /// A big figure comes from big payloads and from nodes that hold much across an await point: put payloads of more than
    /// 256 bytes into an `Arc` or a `Box`, and `#[node(boxed)]` on the node.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    ///
    /// #[node]
    /// async fn blur(image: [u8; 4096]) -> [u8; 4096] { image }
    ///
    /// #[node]
    /// async fn blur_boxed(image: Box<[u8; 4096]>) -> Box<[u8; 4096]> { image }
    ///
    /// flow! { by_value([u8; 4096]) -> [u8; 4096] { blur } }
    /// flow! { by_box(Box<[u8; 4096]>) -> Box<[u8; 4096]> { blur_boxed } }
    ///
    /// assert!(by_value::flow().frame_bytes() > 4096);
    /// assert!(by_box::flow().frame_bytes() < 512);
    /// ```
    pub fn frame_bytes(&self) -> usize
    where
        F: FlowBody<S>,
    {
        frame_bytes::<F, S>()
    }

    /// Starts the flow in the current tokio runtime.
    ///
    /// # Errors
    /// [`StartError`], which says what to do.
    // `T` is `S`: a bound that mentions a parameter of the method itself is told in its own words (E0277) where it is not
    // met; any other one only makes rustc say that there is no such method (E0599).
    pub fn start<T>(self) -> Result<Handle<F>, StartError>
    where
        S: Is<T>,
        F: FlowBody<T>,
        T: Send + Sync + 'static,
    {
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| StartError::NoRuntime)?;
        let Options { in_flight, chunk_lag, call_depth, dead_letters, seam, .. } = self.options;
        let deadline = [self.options.deadline, F::DEADLINE].into_iter().flatten().min();
        let budget = Some(self.options.budget.min(F::BUDGET)).filter(Budget::is_limited);
        let keys = Keys::new(self.options.idempotency_keys, self.options.idempotency_retention);
        let timer = AssertUnwindSafe(|| drop(seam.sleep(Duration::ZERO)));
        catch_unwind(timer).map_err(|_| StartError::NoTimer)?;
        let mut listing = Listing::default();
        F::list(&mut listing);
        let mut nodes = NodeTable::new(&listing);
        self.changes.into_iter().try_for_each(|change| change(&mut nodes))?;
        check_routings(&listing.routings, &self.routings, &nodes, F::NAME)?;
        let tap = Tap::new(F::NAME, seam.clone(), self.between);
        let shared =
            Arc::new(Shared::new(seam, nodes, Channels::new(runtime.clone()), Letters::new(dead_letters), tap));
        let chunk_lag = chunk_lag.clamp(1, Semaphore::MAX_PERMITS).try_into().unwrap_or(u32::MAX);
        let admission = Arc::new(Admission::new(in_flight));
        let desk = Desk { flow: F::NAME, deadline, budget, chunk_lag, call_depth, keys, admission, runtime, shared };
        Ok(Handle::new(Arc::new(Running::<F, T>::new(self.state.is(), desk))))
    }

    /// Not there before the start: tells so in words.
    #[doc(hidden)]
    pub fn call<T>(&self, _: T) -> std::future::Ready<Result<F::Output, crate::error::Stop>>
    where
        Self: IsStarted,
    {
        std::future::ready(Err(crate::error::Stop::Cancelled))
    }

    /// Not there before the start: tells so in words.
    #[doc(hidden)]
    pub fn emit<T>(&self, _: T) -> std::future::Ready<Result<F::Output, crate::error::Stop>>
    where
        Self: IsStarted,
    {
        std::future::ready(Err(crate::error::Stop::Cancelled))
    }
}

/// Every type is itself.
pub trait Is<T> {
    /// The same value.
    #[doc(hidden)]
    fn is(self) -> T;
}

impl<T> Is<T> for T {
    fn is(self) -> T {
        self
    }
}

/// Never implemented: the words for a forgotten `start`.
#[diagnostic::on_unimplemented(
    message = "this flow is not started",
    label = "not started: write `.start()?` before it",
    note = "`let app = my_flow::flow().start()?;` gives the handle that has `call` and `emit`"
)]
pub trait IsStarted {}

/// Each router has its policy, each policy a router, and each arm that a policy names is there.
fn check_routings(
    routings: &[Routing],
    given: &[(TypeId, &'static str)],
    nodes: &NodeTable,
    flow: &'static str,
) -> Result<(), StartError> {
    for routing @ Routing { router, name: policy, .. } in routings {
        let Some(value) = nodes.routing_by_id(routing.policy) else {
            return Err(StartError::NoRoutingPolicy { router, policy });
        };
        routing.check(value).map_err(|source| StartError::NoSuchArm { policy, source })?;
    }
    match given.iter().find(|(id, _)| !routings.iter().any(|routing| routing.policy == *id)) {
        Some((_, policy)) => Err(StartError::UnusedRoutingPolicy { policy, flow }),
        None => Ok(()),
    }
}

fn no_such<N: NodeDef, F: NodeDef>() -> StartError {
    StartError::NoSuchNode { node: N::NAME, flow: F::NAME }
}
