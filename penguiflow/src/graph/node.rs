//! The contract between `#[node]`, `flow!` and the runtime, as far as it can be told without a run: what a node takes,
//! gives, keeps and asks for. Must not know what a run looks like.

use crate::error::NodeError;
use crate::graph::codec::Codec;
use crate::graph::routing::{Routing, RoutingPolicy};
use crate::graph::topology::FlowInfo;
use crate::graph::variants::Variants;
use crate::message::Budget;
use crate::policy::{Effect, Policy};
use std::any::TypeId;
use std::time::Duration;

/// A node or a flow, as far as wiring needs to know it. Written by the macros.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no node",
    label = "no node",
    note = "put `#[node]` above the function, or write the name of a flow"
)]
pub trait NodeDef: Sized + Send + Sync + 'static {
    /// The payload that the node takes.
    type In: Send + 'static;
    /// The payload that the node returns.
    type Out: Send + 'static;
    /// What one attempt returns: `Out`, or for a controller `Step<In, Out>`.
    type Yield: Send + 'static;
    /// For a router the enum of its arms, for anything else `A`, the arms as the flow writes them.
    type Arms<A>;
    /// What a retry needs to keep: nothing, or a clone of the input.
    type Keep: Keep<Self::In>;
    /// The name in paths and drawings.
    const NAME: &'static str;
    /// The policy that the attribute wrote.
    const POLICY: Policy;
    /// What a router can return, where its names are known: then missing and unknown arms are told in our own words.
    const VARIANTS: Option<Variants> = None;

    /// Whether the node, or a node of the flow, must not be dropped half done.
    const IRREVERSIBLE: bool = matches!(Self::POLICY.effect, Effect::Irreversible);

    /// Whether this is a flow: then its nodes have policies, and it has none.
    const IS_FLOW: bool = false;

    /// The name of what runs: its own, or that of the node that an `as` instance is one of.
    const NODE: &'static str = Self::NAME;

    /// What the flow tells of itself; none for a node.
    const FLOW: Option<&'static FlowInfo> = None;

    /// How many turns a controller takes at most; none for anything else.
    const TURNS: Option<u32> = None;

    /// The JSON Schema of what the node takes, where its type has one.
    const INPUT: Option<fn() -> schemars::Schema> = None;
    /// The JSON Schema of what the node returns, where its type has one.
    const OUTPUT: Option<fn() -> schemars::Schema> = None;

    /// How what an attempt returns is written down, where its type can be.
    const CODEC: Option<Codec> = None;

    /// Whether an attempt may wait: not one of a plain function, which is ready at once.
    const WAITS: bool = true;

    /// Lists the nodes that run when this one runs: itself, or those of the flow.
    fn list(listing: &mut Listing);

    /// Lets through what the node may give: all of it, or where outputs are validated what keeps its rules. A stub's
    /// values pass here as the function's own do.
    fn checked(out: Self::Yield) -> Result<Self::Yield, NodeError> {
        Ok(out)
    }
}

/// Ends the compilation with `why` if a node stands where it must not. Called in constants only.
#[track_caller]
#[expect(clippy::panic, reason = "how a constant tells a mistake")]
pub const fn refuse(refused: bool, why: &str) {
    if refused {
        panic!("{}", why);
    }
}

/// A node that chooses between arms. Written by `#[router]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no router, so it has no arms",
    label = "no router",
    note = "put `#[router]` in the place of `#[node]`, and let the function return an enum with `#[message]`"
)]
pub trait Router: NodeDef {}

/// What a flow takes and gives. Written by `flow!`.
pub trait FlowDef: NodeDef {
    /// The payload that the flow takes.
    type Input: Send + 'static;
    /// The payload that the flow ends with.
    type Output: Send + 'static;
    /// How what the flow takes is written down, where its type can be.
    const INPUT_CODEC: Option<Codec> = None;
    /// What the flow tells of itself.
    const INFO: &'static FlowInfo;
    /// What each run of the flow may spend, as it was written in `budget { … }`.
    const BUDGET: Budget = Budget::new();
    /// How long each run may take, as it was written there.
    const DEADLINE: Option<Duration> = None;
    /// Whether it says either.
    const IS_LIMITED: bool = Self::BUDGET.is_limited() || Self::DEADLINE.is_some();
}

/// One node of a flow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listed {
    pub(crate) id: TypeId,
    /// The node whose function it runs: itself, or that of an `as` instance.
    pub(crate) function: TypeId,
    /// Its name, or that of the instance.
    #[allow(dead_code, reason = "only the test kit, behind its feature, asks for it")]
    pub(crate) name: &'static str,
    /// Whether what it returns can be written down.
    #[allow(dead_code, reason = "only the recorder, behind its feature, asks for it")]
    pub(crate) is_coded: bool,
    pub(crate) policy: Policy,
}

/// The nodes that a flow runs, each once, sub-flows included.
#[derive(Debug, Default)]
pub struct Listing {
    pub(crate) nodes: Vec<Listed>,
    /// Its routers that ask a policy.
    pub(crate) routings: Vec<Routing>,
}

impl Listing {
    /// Adds what runs when the `as` instance `I` of `N` runs: the instance itself, or the nodes of the flow.
    pub fn instance<I: NodeDef, N: NodeDef>(&mut self) {
        if N::IS_FLOW { N::list(self) } else { self.add::<I>(TypeId::of::<N>()) }
    }

    /// Adds the node `N`.
    pub fn node<N: NodeDef>(&mut self) {
        self.add::<N>(TypeId::of::<N>());
    }

    /// Adds a router that asks the policy `P`, which the flow calls `name`.
    pub fn routed<P: RoutingPolicy>(
        &mut self,
        name: &'static str,
        router: &'static str,
        arms: &'static [&'static str],
    ) {
        self.routings.push(Routing::of::<P>(name, router, arms));
    }

    fn add<I: NodeDef>(&mut self, function: TypeId) {
        self.add_listed(const { &(TypeId::of::<I>, I::NAME, I::CODEC.is_some(), I::POLICY) }, function);
    }

    /// Not generic, so that no node compiles it again.
    fn add_listed(&mut self, constants: &(fn() -> TypeId, &'static str, bool, Policy), function: TypeId) {
        let (id, name, is_coded, policy) = *constants;
        let id = id();
        if !self.nodes.iter().any(|listed| listed.id == id) {
            self.nodes.push(Listed { id, function, name, is_coded, policy });
        }
    }
}

/// What is kept of an input for another attempt.
#[diagnostic::on_unimplemented(
    message = "a node with `retries` keeps a clone of its input, but `{T}` is not `Clone`",
    label = "`{T}` is not `Clone`",
    note = "put `#[message]` or `#[derive(Clone)]` on `{T}`, wrap it in `Arc`, or leave `retries` out"
)]
pub trait Keep<T>: Send + Sized + 'static {
    /// Keeps what is needed of `input`.
    fn keep(input: &T) -> Self;
    /// Whether there can be another attempt.
    const KEEPS: bool;
    /// Gives the input of another attempt, where one was kept.
    fn again(&self) -> Option<T>;
}

/// Keeps nothing: the node runs once.
#[derive(Debug, Clone, Copy)]
pub struct Once;

impl<T> Keep<T> for Once {
    const KEEPS: bool = false;

    fn keep(_: &T) -> Self {
        Once
    }

    fn again(&self) -> Option<T> {
        None
    }
}

/// Keeps a clone for every further attempt.
#[derive(Debug)]
pub struct Again<T>(T);

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + 'static> Keep<T> for Again<T> {
    const KEEPS: bool = true;

    fn keep(input: &T) -> Self {
        Again(input.clone())
    }

    fn again(&self) -> Option<T> {
        Some(self.0.clone())
    }
}
