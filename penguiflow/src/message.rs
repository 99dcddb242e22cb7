//! What goes into a flow: a payload in its envelope. Must not know how a trace runs.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::id::TraceId;
use crate::validate::{Validate, Violations};

mod budget;
mod deadline;
mod headers;
mod key;
mod meta;
mod traceparent;

pub use budget::{Budget, Cost};
pub use deadline::Deadline;
pub use headers::Headers;
pub(crate) use key::Key;
pub use meta::Meta;
pub(crate) use traceparent::Traceparent;
pub use traceparent::TraceparentError;

/// A payload with its envelope: headers, meta, and – optional – a trace id and a deadline.
///
/// A flow takes a plain payload as well; the envelope is for those who need it. A node that takes `Message<T>` sees it,
/// and one that returns `Message<U>` hands it on: use [`map`](Self::map) or [`with_payload`](Self::with_payload).
///
/// ```
/// use penguiflow::clock::secs;
/// use penguiflow::message::{Deadline, Message};
///
/// let question = Message::new("why?").with_tenant("acme").with_deadline(secs(30)).with_meta("lang", "en");
/// let asked = question.map(str::len);
/// assert_eq!(asked.payload(), &4);
/// assert_eq!(asked.headers().tenant(), Some("acme"));
/// assert_eq!(asked.meta().get("lang"), Some(&"en".into()));
/// assert_eq!(asked.deadline(), Some(Deadline::In(secs(30))));
/// ```
///
/// Each message owns its envelope: what one branch writes into it, no sibling sees. Cloning copies the payload and
/// counts references for the rest. `Debug` prints headers and meta values: wrap what must not be printed in
/// [`Secret`](crate::secret::Secret), and keep it in the payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message<T> {
    payload: T,
    envelope: Envelope,
}

/// A message without its payload: what the runtime keeps beside a trace.
///
/// ```
/// use penguiflow::message::Message;
///
/// let (question, mut envelope) = Message::new("why?").with_tenant("acme").into_parts();
/// envelope.meta.insert("asked", question);
/// let answer = Message::from_parts("because", envelope);
/// assert_eq!(answer.headers().tenant(), Some("acme"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Envelope {
    /// Tenant, topic and priority.
    pub headers: Headers,
    /// Free entries that ride along.
    pub meta: Meta,
    /// The id that the caller chose, or that of the running trace. `None`: admission makes one.
    pub trace_id: Option<TraceId>,
    /// When the trace has to be over. `None`: the flow's own limit alone.
    pub deadline: Option<Deadline>,
    /// What few messages ask for. Inside a flow always `None`. One pointer wide, because a message moves often.
    pub(crate) asked: Option<Arc<Asked>>,
}

/// What few messages ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Names what the message asks for, so that asking twice does it once.
    pub(crate) key: Option<Arc<String>>,
    pub(crate) budget: Option<Budget>,
    /// The span of whoever sent the message.
    pub(crate) traceparent: Option<Traceparent>,
}

impl<T> Message<T> {
    /// Puts a payload into an empty envelope.
    #[must_use]
    pub fn new(payload: T) -> Self {
        Self::from_parts(payload, Envelope::default())
    }

    /// Names the tenant. Optional in a plain flow; rooms that keep tenants apart refuse a message without one.
    #[must_use]
    pub fn with_tenant(mut self, tenant: impl Into<Arc<str>>) -> Self {
        self.envelope.headers = self.envelope.headers.with_tenant(tenant);
        self
    }

    /// Names the topic, a free hint for routers.
    #[must_use]
    pub fn with_topic(mut self, topic: impl Into<Arc<str>>) -> Self {
        self.envelope.headers = self.envelope.headers.with_topic(topic);
        self
    }

    /// Sets the priority: a hint for your own nodes, routers and tools, 0 unless set. The runtime never reorders by it: who
    /// waits for room, for a node or for a queue is served in the order of coming. To let the urgent ones pass, start a flow
    /// twice, with places of its own for them.
    #[must_use]
    pub fn with_priority(mut self, priority: i32) -> Self {
        self.envelope.headers = self.envelope.headers.with_priority(priority);
        self
    }

    /// Puts other headers on: tenant, topic and priority at once.
    #[must_use]
    pub fn with_headers(mut self, headers: Headers) -> Self {
        self.envelope.headers = headers;
        self
    }

    /// Brings an id along, say from the caller's own tracing. Two running traces must not share one.
    #[must_use]
    pub fn with_trace_id(mut self, id: TraceId) -> Self {
        self.envelope.trace_id = Some(id);
        self
    }

    /// Names what the message asks for: a second message of the same tenant with the same key is not let in.
    ///
    /// `emit` and `post` give it back as [`Refused::Duplicate`](crate::Refused::Duplicate), `call` fails with
    /// [`ErrorKind::Duplicate`](crate::ErrorKind::Duplicate); either names the first trace. That holds while the first one
    /// runs, and for a time behind its ending, whatever that was: one that failed half way may have done its work. To ask
    /// again on purpose, take another key. A message that was refused, or given up before it was let in, leaves no key.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    /// use penguiflow::Refused;
    ///
    /// #[node]
    /// async fn charge(cents: u32) -> u32 { cents }
    /// flow! { charging(u32) -> u32 { charge } }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = charging::flow().start()?;
    /// let order = Message::new(995).with_tenant("acme").with_idempotency_key("order 17");
    /// let first = app.emit(order.clone()).await?;
    /// match app.emit(order).await {
    ///     Err(Refused::Duplicate { trace_id, .. }) => assert_eq!(trace_id, first.id()),
    ///     other => panic!("{other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// *Limits*: keys are kept in the memory of the started flow,
    /// [`Options::idempotency_keys`](crate::Options::idempotency_keys) of ended traces for
    /// [`Options::idempotency_retention`](crate::Options::idempotency_retention), 10,000 for ten minutes by default, the
    /// oldest out first. A process that starts anew knows none.
    ///
    /// Nodes find it as [`Ctx::idempotency_key`](crate::Ctx::idempotency_key), to hand it on to what they call.
    #[must_use]
    pub fn with_idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.envelope.asked_mut().key = Some(Arc::new(key.into()));
        self
    }

    /// Gives the trace this long, measured from its admission: waiting for room in the flow does not use it up.
    /// Replaces an earlier deadline.
    #[must_use]
    pub fn with_deadline(mut self, limit: Duration) -> Self {
        self.envelope.deadline = Some(Deadline::In(limit));
        self
    }

    /// Gives the trace until `instant` on the monotonic clock, whenever it is admitted. Replaces an earlier deadline.
    #[must_use]
    pub fn with_deadline_at(mut self, instant: Instant) -> Self {
        self.envelope.deadline = Some(Deadline::At(instant));
        self
    }

    /// Limits what the trace may spend, beside what its flow says and its start: the narrowest limit of each kind holds. Replaces an
    /// earlier budget of the message. The message of a [`Ctx::call`](crate::Ctx::call) limits the
    /// call, and what that spends counts for the trace around it as well.
    #[must_use]
    pub fn with_budget(mut self, budget: Budget) -> Self {
        self.envelope.asked_mut().budget = Some(budget);
        self
    }

    /// Makes the trace a part of a trace of another process: `traceparent` is the header of that name in the request that the
    /// message came with, as the [W3C](https://www.w3.org/TR/trace-context-2/) has it. With the feature `otel` the trace's span
    /// is a child of it; nodes hand it on by [`Ctx::traceparent`](crate::Ctx::traceparent) in any case.
    ///
    /// ```
    /// use penguiflow::Message;
    ///
    /// let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    /// let question = Message::new("why?").with_traceparent(header)?;
    /// assert_eq!(question.traceparent().as_deref(), Some(header));
    /// assert!(Message::new("why?").with_traceparent("4bf92f35").is_err());
    /// # Ok::<(), penguiflow::message::TraceparentError>(())
    /// ```
    ///
    /// The message of a [`Ctx::call`](crate::Ctx::call) needs none, and one that it has is not looked at: the call is a part of
    /// the trace that calls.
    ///
    /// # Errors
    /// When the text is malformed. The standard says to go on without it then, which begins a new trace.
    pub fn with_traceparent(mut self, traceparent: &str) -> Result<Self, TraceparentError> {
        self.envelope.asked_mut().traceparent = Some(traceparent.parse()?);
        Ok(self)
    }

    /// Adds an entry that rides along; one of the same key is replaced.
    ///
    /// Anything that converts into JSON: text, numbers, booleans, `serde_json::json!({ … })`. For a type of your own call
    /// `serde_json::to_value` first, which may fail.
    #[must_use]
    pub fn with_meta(mut self, key: impl Into<Arc<str>>, value: impl Into<Value>) -> Self {
        self.envelope.meta.insert(key, value);
        self
    }

    /// Puts another payload into this envelope: headers, meta, id and deadline stay.
    #[must_use]
    pub fn with_payload<U>(self, payload: U) -> Message<U> {
        Message { payload, envelope: self.envelope }
    }

    /// Makes the payload into another one; headers, meta, id and deadline stay.
    #[must_use]
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Message<U> {
        Message { payload: f(self.payload), envelope: self.envelope }
    }

    /// The payload.
    #[must_use]
    pub fn payload(&self) -> &T {
        &self.payload
    }

    /// The payload, to be changed.
    #[must_use]
    pub fn payload_mut(&mut self) -> &mut T {
        &mut self.payload
    }

    /// Gives the payload back and drops the envelope.
    #[must_use]
    pub fn into_payload(self) -> T {
        self.payload
    }

    /// Tenant, topic and priority.
    #[must_use]
    pub fn headers(&self) -> &Headers {
        &self.envelope.headers
    }

    /// The entries that ride along.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        &self.envelope.meta
    }

    /// The entries that ride along, to be changed. Clones made before keep what they had.
    #[must_use]
    pub fn meta_mut(&mut self) -> &mut Meta {
        &mut self.envelope.meta
    }

    /// The id that the caller chose; inside a flow, that of the running trace.
    #[must_use]
    pub fn trace_id(&self) -> Option<TraceId> {
        self.envelope.trace_id
    }

    /// When the trace has to be over.
    #[must_use]
    pub fn deadline(&self) -> Option<Deadline> {
        self.envelope.deadline
    }

    /// What the trace may spend. Inside a flow always `None`: ask [`Ctx::budget`](crate::Ctx::budget).
    #[must_use]
    pub fn budget(&self) -> Option<&Budget> {
        self.envelope.asked.as_ref()?.budget.as_ref()
    }

    /// What the message asks for, so that asking twice does it once. Inside a flow always `None`.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        Some(self.envelope.asked.as_ref()?.key.as_ref()?.as_str())
    }

    /// The span of whoever sent the message. Inside a flow always `None`: ask [`Ctx::traceparent`](crate::Ctx::traceparent).
    #[must_use]
    pub fn traceparent(&self) -> Option<String> {
        Some(self.envelope.asked.as_ref()?.traceparent?.to_string())
    }

    /// The idempotency key within its tenant.
    #[cold]
    pub(crate) fn key(&self) -> Option<Key> {
        self.envelope.key()
    }

    pub(crate) fn set_trace_id(&mut self, id: Option<TraceId>) {
        self.envelope.trace_id = id;
    }

    /// Takes the message apart. [`from_parts`](Self::from_parts) is the way back.
    #[must_use]
    pub fn into_parts(self) -> (T, Envelope) {
        (self.payload, self.envelope)
    }

    /// Puts a payload into an envelope.
    #[must_use]
    pub fn from_parts(payload: T, envelope: Envelope) -> Self {
        Self { payload, envelope }
    }
}

impl Envelope {
    fn asked_mut(&mut self) -> &mut Asked {
        Arc::make_mut(self.asked.get_or_insert_default())
    }

    /// The idempotency key within its tenant.
    pub(crate) fn key(&self) -> Option<Key> {
        let key = self.asked.as_ref()?.key.clone()?;
        Some(Key { tenant: self.headers.shared_tenant(), key })
    }
}

impl<T> From<T> for Message<T> {
    fn from(payload: T) -> Self {
        Self::new(payload)
    }
}

/// Checks the payload; the envelope has no rules.
impl<T: Validate> Validate for Message<T> {
    fn validate(&self) -> Result<(), Violations> {
        self.payload.validate()
    }
}

#[cfg(test)]
mod tests;
