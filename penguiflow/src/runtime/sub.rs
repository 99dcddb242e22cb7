//! Runs a flow as a node of another flow. Its body is boxed: nesting would double the frame at each level. Where the flow has
//! limits of its own, they count what runs inside, and those around it count that as well.

use crate::clock::later;
use crate::error::Stop;
use crate::graph::context::Cx;
use crate::graph::node::NodeDef;
use crate::graph::run::{FlowBody, Ran};
use crate::graph::scope::Scope;
use crate::graph::value::M;
use crate::graph::watch::spans;
use crate::runtime::root::Timer;
use futures_util::future::BoxFuture;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use tokio::task::coop::consume_budget;
use tracing::Instrument as _;

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
    // Known when the flow is compiled: one without limits has no code for them, and no frame.
    if const { F::IS_LIMITED } {
        return in_span(cx, place, I::NAME, Box::pin(limited::<F, I, S>(cx, place, m)));
    }
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
    in_span(cx, place, I::NAME, Box::pin(body))
}

/// Lets the body of a sub-flow run in a span of its own, where somebody wants one.
fn in_span<'a, S: Sync, T: 'a>(
    cx: &Cx<'_, S>,
    place: u32,
    flow: &'static str,
    body: BoxFuture<'a, Ran<T>>,
) -> BoxFuture<'a, Ran<T>> {
    match cx.scope.span() {
        None => body,
        Some(_) => {
            let place = cx.site().at(flow, Some(place), 0).place;
            Box::pin(body.instrument(spans::of_sub_flow(flow, &place)))
        }
    }
}

/// Runs the flow in a scope of its own, under the flow's own limits.
async fn limited<'a, F, I, S>(cx: &'a Cx<'a, S>, place: u32, m: M<F::Input>) -> Ran<F::Output>
where
    F: FlowBody<S>,
    I: NodeDef,
    S: Send + Sync + 'a,
{
    consume_budget().await;
    if let Some(halt) = cx.scope.halt() {
        return Err(Stop::from(halt));
    }
    let limit = F::DEADLINE.map(|limit| later(cx.seam().now(), limit));
    // A deadline around it that comes first has a timer already.
    let own = limit.filter(|limit| cx.scope.deadline.is_none_or(|around| *limit < around));
    let scope = Arc::new(Scope::part_of(cx.scope, &F::BUDGET, limit));
    let cx = cx.sub_in(&scope, place, I::NAME);
    let mut timer = Timer::Unarmed;
    let mut body = pin!(F::body(&cx, m));
    poll_fn(|task| {
        timer.poll(&scope, task);
        if let Poll::Ready(ran) = body.as_mut().poll(task) {
            return Poll::Ready(ran);
        }
        if let Some(own) = own
            && timer.arm(own, cx.seam())
        {
            // If it is over already, the trace is asked to end, and whoever polls it polls again.
            timer.poll(&scope, task);
        }
        Poll::Pending
    })
    .await
}
