//! The other half of the contract: what can run over a state. Runs nothing itself.

use crate::error::Stop;
use crate::graph::context::Cx;
use crate::graph::node::{FlowDef, NodeDef};
use crate::graph::value::M;
use std::future::Future;

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

    /// Runs the router and chooses the arm. Never called for a node that is no router: it stands here, so that a flow
    /// with arms behind a plain node lacks nothing but that.
    fn route_as<'a, I, A>(
        _: &'a Cx<'a, S>,
        _: u32,
        _: M<Self::In>,
    ) -> impl Future<Output = Result<Self::Arms<A>, Stop>> + Send + 'a
    where
        I: NodeDef<In = Self::In, Out = Self::Out, Yield = Self::Yield>,
        A: 'a,
        S: 'a,
    {
        async { Err(Stop::Cancelled) }
    }
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
