//! Takes messages whose endings go to one reader, and lends the place of that reader.

use crate::graph::node::FlowDef;
use crate::id::TraceId;
use crate::message::Message;
use crate::runtime::handle::Handle;
use crate::runtime::handle::refused::Refused;
use crate::runtime::posts::outputs::{Outputs, OutputsTaken};
use crate::runtime::posts::{NotPosted, Posted, Posts};
use std::sync::Arc;

impl<F: FlowDef> Handle<F> {
    /// Opens the one reader of what is [posted](Handle::post). It can be opened again once it was dropped.
    ///
    /// # Errors
    /// [`OutputsTaken`] while another one is open: an ending goes to exactly one place.
    pub fn outputs(&self) -> Result<Outputs<F::Output>, OutputsTaken> {
        Outputs::open(self.posts())
    }

    /// Starts a message in a task of its own, once there is room, and gives its trace's id. The ending goes to
    /// [`outputs`](Handle::outputs), and the trace keeps its place until it was read there: who posts is held back by who
    /// reads. So read in another task than the one that posts, or use [`try_post`](Handle::try_post).
    ///
    /// Chunks that its nodes stream are discarded and counted, as in a [`call`](Handle::call).
    ///
    /// *Cancel safety*: dropping the future before it is ready drops the message; it never ran.
    ///
    /// # Errors
    /// [`Refused`] gives the message back: [`Closed`](Refused::Closed) when the flow was shut down,
    /// [`NoReader`](Refused::NoReader) when nobody has opened the outputs, or they were dropped meanwhile, and
    /// [`TooLate`](Refused::TooLate) when there was no room until the message's own instant.
    pub async fn post(&self, message: impl Into<Message<F::Input>> + Send) -> Result<TraceId, Refused<F::Input>> {
        let message = self.may_post(message.into())?;
        match self.desk().room_until(message.deadline()).await {
            Ok(()) => self.start_post(message),
            Err(why) => Err(Refused::new(why, message)),
        }
    }

    /// [`post`](Handle::post), if there is room now. It may be called from a thread that no runtime knows.
    ///
    /// # Errors
    /// [`Refused`] gives the message back, [`Full`](Refused::Full) when there is no room.
    pub fn try_post(&self, message: impl Into<Message<F::Input>>) -> Result<TraceId, Refused<F::Input>> {
        let message = self.may_post(message.into())?;
        match self.desk().try_room() {
            Ok(()) => self.start_post(message),
            Err(why) => Err(Refused::new(why, message)),
        }
    }

    /// Whether it is worth while to wait for room.
    fn may_post(&self, message: Message<F::Input>) -> Result<Message<F::Input>, Refused<F::Input>> {
        if !self.posts().has_reader() {
            return Err(Refused::NoReader(message));
        }
        match self.desk().first(&message) {
            Ok(()) => Ok(message),
            Err(trace_id) => Err(Refused::duplicate(message, trace_id)),
        }
    }

    /// Starts a message that has room.
    fn start_post(&self, mut message: Message<F::Input>) -> Result<TraceId, Refused<F::Input>> {
        let asked = message.trace_id();
        if let Err(trace_id) = self.desk().claim(&mut message) {
            return Err(Refused::duplicate(message, trace_id));
        }
        let id = message.trace_id().unwrap_or_else(|| self.desk().shared.seam.trace_id());
        match Posted::register(self.posts(), id, message.headers()) {
            Ok(posted) => {
                self.started().clone().post(message.with_trace_id(id), posted);
                Ok(id)
            }
            Err(why) => {
                self.desk().unclaim(&message);
                message.set_trace_id(asked);
                Err(match why {
                    NotPosted::NoReader => Refused::NoReader(message),
                    NotPosted::Closed => Refused::Closed(message),
                })
            }
        }
    }

    pub(super) fn posts(&self) -> &Arc<Posts<F::Output>> {
        self.started().posts()
    }
}
