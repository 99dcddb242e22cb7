//! Stands for a node that a `cfg` took out of a flow. Never runs: the arm that it stands in is gone as well.

use crate::error::Stop;
use crate::graph::context::Cx;
use crate::graph::node::{Listing, NodeDef, Once};
use crate::graph::run::{Node, Ran, Router};
use crate::graph::value::M;
use crate::policy::Policy;
use std::future::Future;

/// A node that is not there.
#[derive(Debug)]
pub struct Absent;

impl NodeDef for Absent {
    type In = Absent;
    type Out = Absent;
    type Yield = Absent;
    type Arms<A> = A;
    type Keep = Once;
    const NAME: &'static str = "absent";
    const POLICY: Policy = Policy::new();

    fn list(_: &mut Listing) {}
}

impl<S: Sync> Node<S> for Absent {
    fn run_as<'a, I>(_: &'a Cx<'a, S>, _: u32, m: M<Absent>) -> impl Future<Output = Ran<Absent>> + Send + 'a
    where
        I: NodeDef<In = Absent, Out = Absent, Yield = Absent>,
        S: 'a,
    {
        std::future::ready(Ok(m))
    }
}

impl<S: Sync> Router<S> for Absent {
    #[allow(clippy::manual_async_fn, reason = "an `async fn` would not promise `Send`")]
    fn route_as<'a, I, A>(
        _: &'a Cx<'a, S>,
        _: u32,
        _: M<Absent>,
    ) -> impl Future<Output = Result<Self::Arms<A>, Stop>> + Send + 'a
    where
        I: NodeDef<In = Absent, Out = Absent, Yield = Absent>,
        A: 'a,
        S: 'a,
    {
        async { Err(Stop::Cancelled) }
    }
}
