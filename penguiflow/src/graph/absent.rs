//! Stands for a node that a `cfg` took out of a flow. Never runs: the arm that it stands in is gone as well.

use crate::graph::context::Cx;
use crate::graph::node::{Listing, NodeDef, Once};
use crate::graph::run::{Node, Ran};
use crate::graph::value::M;
use crate::policy::Policy;
use std::future::Future;

/// A node that is not there.
#[derive(Debug, Clone, Copy)]
pub struct Absent;

impl NodeDef for Absent {
    type In = Absent;
    type Out = Absent;
    type Yield = Absent;
    type Arms<A> = A;
    type Keep = Once;
    const NAME: &'static str = "absent";
    const POLICY: Policy = Policy::new();
    const WAITS: bool = false;

    fn list(_: &mut Listing) {}
}

impl<S: Send + Sync + 'static> Node<S> for Absent {
    fn run_as<'a, I>(_: &'a Cx<'a, S>, _: u32, m: M<Absent>) -> impl Future<Output = Ran<Absent>> + Send + 'a
    where
        I: NodeDef<In = Absent, Out = Absent, Yield = Absent>,
        S: 'a,
    {
        std::future::ready(Ok(m))
    }
}
