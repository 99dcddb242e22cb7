//! A started flow by its types alone: what a state holds that calls flows without naming them.

use crate::error::Stop;
use crate::graph::call::{Call, CallError, Callee};
use crate::graph::node::FlowDef;
use crate::message::Message;
use crate::runtime::handle::{Door, Handle};
use futures_util::future::BoxFuture;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

/// A started flow from `I` to `O`, whichever it is. A [`Handle`] that does not name its flow, so that a state can hold one
/// and a test can put another one in its place.
///
/// ```
/// use penguiflow::Playbook;
/// use penguiflow::prelude::*;
///
/// #[node]
/// fn shorten(text: String) -> String { text.chars().take(3).collect() }
/// flow! { shortening(String) -> String { shorten } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let short: Playbook<String, String> = shortening::flow().start()?.playbook();
/// assert_eq!((short.name(), short.call("penguin".to_owned()).await?), ("shortening", "pen".to_owned()));
/// # Ok(())
/// # }
/// ```
///
/// A node runs it by [`Ctx::call`](crate::Ctx::call), as a part of its own trace; [`call`](Playbook::call) runs it as a trace
/// of its own. It is as good as a clone of the handle: the flow is aborted when the last of both is dropped. A flow whose state
/// holds its own playbook, or one that holds it in turn, keeps itself alive: shut it down.
pub struct Playbook<I, O> {
    door: Arc<Door<I, O>>,
    name: &'static str,
}

impl<I, O> Clone for Playbook<I, O> {
    fn clone(&self) -> Self {
        Playbook { door: self.door.clone(), name: self.name }
    }
}

impl<I, O> fmt::Debug for Playbook<I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Playbook")
            .field("flow", &self.name)
            .field("in_flight", &self.in_flight())
            .finish_non_exhaustive()
    }
}

impl<I, O> Playbook<I, O> {
    /// The flow's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How many places of the flow are taken.
    pub fn in_flight(&self) -> usize {
        self.door.started().desk().admission.inside()
    }
}

impl<I: Send + 'static, O: Send + 'static> Playbook<I, O> {
    /// Runs a message as a trace of its own, as [`Handle::call`] does.
    ///
    /// *Cancel safety*: dropping the future drops the run; nothing of it is left.
    ///
    /// # Errors
    /// [`Stop`]: why there is no value. A flow that was shut down ends every call as [`Stop::Cancelled`].
    pub fn call(&self, message: impl Into<Message<I>>) -> impl Future<Output = Result<O, Stop>> + Send {
        self.door.call(message.into())
    }
}

impl<F: FlowDef> Handle<F> {
    /// The flow by its types alone.
    pub fn playbook(&self) -> Playbook<F::Input, F::Output> {
        Playbook { door: self.door().clone(), name: F::NAME }
    }
}

impl<F: FlowDef<Input = I, Output = O>, I, O> From<Handle<F>> for Playbook<I, O> {
    fn from(handle: Handle<F>) -> Self {
        handle.playbook()
    }
}

impl<I: Send + 'static, O: Send + 'static> Callee for Playbook<I, O> {
    type Input = I;
    type Output = O;

    fn run_within(&self, call: Call, message: Message<I>) -> BoxFuture<'_, Result<O, CallError>> {
        self.door.started().call_within(call, message)
    }
}

impl<F: FlowDef> Callee for Handle<F> {
    type Input = F::Input;
    type Output = F::Output;

    fn run_within(&self, call: Call, message: Message<F::Input>) -> BoxFuture<'_, Result<F::Output, CallError>> {
        self.door().started().call_within(call, message)
    }
}
