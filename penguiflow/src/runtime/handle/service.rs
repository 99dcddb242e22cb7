//! A flow as a `tower` service.

use crate::error::Stop;
use crate::graph::node::FlowDef;
use crate::message::Message;
use crate::runtime::admission::Admission;
use crate::runtime::handle::Handle;
use futures_util::future::BoxFuture;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tower_service::Service;

/// A flow as a [`tower::Service`](Service) of messages, for the stacks that are built of those.
/// [`Handle::service`] gives it.
///
/// ```
/// use penguiflow::prelude::*;
/// use std::future::poll_fn;
/// use tower_service::Service;
///
/// #[node]
/// async fn triple(n: u32) -> u32 { n * 3 }
/// flow! { tripling(u32) -> u32 { triple } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = tripling::flow().start()?;
/// let mut service = app.service();
/// poll_fn(|task| service.poll_ready(task)).await?;
/// assert_eq!(service.call(Message::new(7)).await?, 21);
/// # Ok(())
/// # }
/// ```
///
/// *Readiness*: `poll_ready` takes one of the flow's places ([`Options::in_flight`](crate::Options::in_flight)) and keeps it
/// for the next `call`, so a service that is ready has room indeed; dropping the service, or the future of that `call`, gives
/// the place back. A `call` without `poll_ready` before it waits for room itself. It fails as [`Stop::Cancelled`], from then
/// on, when the flow was shut down.
///
/// *Clones* share the flow and its places, and not the place that was kept: each has to become ready itself.
///
/// It is a handle, and so are the futures of its calls: the flow is aborted when the last one is dropped.
pub struct FlowService<F: FlowDef> {
    handle: Handle<F>,
    room: Room,
}

/// What a service has done about the room for its next call.
enum Room {
    Unasked,
    Asked(BoxFuture<'static, Result<Kept, Stop>>),
    Kept(Kept),
}

/// A place that was taken; it is given back when this is dropped, unless a trace took it over.
struct Kept {
    admission: Option<Arc<Admission>>,
}

impl Kept {
    fn hand_over(mut self) {
        self.admission = None;
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(admission) = &self.admission {
            admission.make_room();
        }
    }
}

impl<F: FlowDef> Handle<F> {
    /// The flow as a [`tower::Service`](Service).
    pub fn service(&self) -> FlowService<F> {
        FlowService { handle: self.clone(), room: Room::Unasked }
    }
}

impl<F: FlowDef> Clone for FlowService<F> {
    fn clone(&self) -> Self {
        self.handle.service()
    }
}

impl<F: FlowDef> fmt::Debug for FlowService<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ready = matches!(self.room, Room::Kept(_));
        f.debug_struct("FlowService").field("flow", &F::NAME).field("ready", &ready).finish_non_exhaustive()
    }
}

impl<F: FlowDef> Service<Message<F::Input>> for FlowService<F> {
    type Response = F::Output;
    type Error = Stop;
    type Future = BoxFuture<'static, Result<F::Output, Stop>>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Stop>> {
        if let Room::Unasked = self.room {
            let admission = self.handle.desk().admission.clone();
            self.room = Room::Asked(Box::pin(async move {
                admission.room().await.map_err(|_| Stop::Cancelled)?;
                Ok(Kept { admission: Some(admission) })
            }));
        }
        if let Room::Asked(room) = &mut self.room {
            self.room = match ready!(room.as_mut().poll(task)) {
                Ok(kept) => Room::Kept(kept),
                Err(stop) => {
                    self.room = Room::Unasked;
                    return Poll::Ready(Err(stop));
                }
            };
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut message: Message<F::Input>) -> Self::Future {
        let (handle, room) = (self.handle.clone(), std::mem::replace(&mut self.room, Room::Unasked));
        Box::pin(async move {
            match room {
                Room::Kept(kept) => {
                    // From here on the place is the message's own, and a refusal gives it back.
                    kept.hand_over();
                    handle.desk().claim(&mut message).map_err(|first| handle.desk().duplicate(first))?;
                    handle.started().call(message).await
                }
                Room::Unasked | Room::Asked(_) => handle.call(message).await,
            }
        })
    }
}
