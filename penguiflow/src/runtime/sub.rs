//! Runs a flow as a node of another flow. Its body is boxed: nesting would double the frame at each level.

use crate::error::Stop;
use crate::graph::context::Cx;
use crate::graph::node::NodeDef;
use crate::graph::run::{FlowBody, Ran};
use crate::graph::value::M;
use futures_util::future::BoxFuture;
use std::future::Future;
use tokio::task::coop::consume_budget;

/// Runs the flow `F` under the name of `I` in the trace of `cx`: deadline, headers, meta, cancel and place are inherited.
pub fn sub_flow<'a, F, I, S>(
    cx: &'a Cx<'a, S>,
    place: u32,
    m: M<F::Input>,
) -> impl Future<Output = Ran<F::Output>> + Send + 'a
where
    F: FlowBody<S>,
    I: NodeDef,
    S: Send + Sync + 'a,
{
    let body = async move {
        // Flows of flows double their steps at each level, so those that never wait would keep a deadline, a cancel and other
        // traces waiting; within one flow the steps are as many as were written.
        consume_budget().await;
        if let Some(halt) = cx.scope.halt() {
            return Err(Stop::from(halt));
        }
        let cx = cx.sub(place, I::NAME);
        F::body(&cx, m).await
    };
    Box::pin(body) as BoxFuture<'a, Ran<F::Output>>
}
