//! The contract between `#[node]`, `flow!` and the runtime: what a node is, and what a flow is. Runs nothing.

use crate::error::Stop;
use crate::graph::context::Cx;
use crate::graph::table::Listing;
use crate::graph::value::M;
use crate::policy::Policy;
use std::future::Future;

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

    /// Lists the nodes that run when this one runs: itself, or those of the flow.
    fn list(listing: &mut Listing);
}

/// What one run of a node gives back.
pub type Ran<T> = Result<M<T>, Stop>;

/// A node that can run over the state `S`. Written by the macros; the bounds on `S` are what the node's
/// [`State`](crate::State) parameters ask for.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot run over the state `{S}`",
    note = "a node needs `{S}` to provide each of its `State<'_, T>` parameters"
)]
pub trait Node<S>: NodeDef {
    /// Runs the node under the name, the policy and the limits of `I`, which is the node itself or an `as` instance.
    fn run_as<'a, I>(cx: &'a Cx<'a, S>, place: u32, m: M<Self::In>) -> impl Future<Output = Ran<Self::Out>> + Send + 'a
    where
        I: NodeDef<In = Self::In, Out = Self::Out, Yield = Self::Yield>,
        S: 'a;
}

/// A router that can run over the state `S`. Written by `#[router]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no router, so it has no arms",
    label = "no router",
    note = "put `#[router]` in the place of `#[node]`, and let the function return an enum with `#[message]`"
)]
pub trait Router<S>: Node<S> {
    /// Runs the router and chooses the arm.
    fn route_as<'a, I, A>(
        cx: &'a Cx<'a, S>,
        place: u32,
        m: M<Self::In>,
    ) -> impl Future<Output = Result<Self::Arms<A>, Stop>> + Send + 'a
    where
        I: NodeDef<In = Self::In, Out = Self::Out, Yield = Self::Yield>,
        A: 'a,
        S: 'a;
}

/// What a flow takes and gives. Written by `flow!`.
pub trait FlowDef: NodeDef {
    /// The payload that the flow takes.
    type Input: Send + 'static;
    /// The payload that the flow ends with.
    type Output: Send + 'static;
}

/// A flow that can run over the state `S`: its body as straight code. Written by `flow!`.
///
/// Not [`Node`] itself: a `where` clause that holds an unresolved name matches every type, and would make rustc report the
/// flow's own signature beside the user's typo.
#[diagnostic::on_unimplemented(message = "the flow `{Self}` cannot run over the state `{S}`")]
pub trait FlowBody<S>: FlowDef {
    /// Runs the flow's steps.
    fn body<'a>(cx: &'a Cx<'a, S>, m: M<Self::Input>) -> impl Future<Output = Ran<Self::Output>> + Send + 'a
    where
        S: 'a;
}

/// What is kept of an input for another attempt.
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
