//! Typed agent pipelines.
#![forbid(unsafe_code)]

pub mod clock;
mod error;
mod graph;
pub mod id;
pub mod message;
mod policy;
pub mod prelude;
mod runtime;
pub mod secret;
pub mod validate;

#[doc(hidden)]
pub mod __private;

pub use crate::error::{BoxError, Classify, Ending, ErrorClass, ErrorKind, FlowError, Limit, Stop};
pub use crate::graph::context::Ctx;
pub use crate::graph::state::{Provides, State};
pub use crate::graph::topology::{FlowInfo, NodeInfo, flows, nodes};
pub use crate::id::TraceId;
pub use crate::message::{Headers, Message, Meta};
pub use crate::policy::{Backoff, Effect, Jitter, OnCancel, Policy, Rate, Validation};
pub use crate::runtime::flow::{FlowBuilder, Options, StartError};
pub use crate::runtime::handle::{Drained, Handle, Refused, Shutdown};
pub use crate::runtime::map::concurrent::map_concurrent;
pub use crate::runtime::repeat::Step;
pub use crate::runtime::trace::Trace;
pub use crate::secret::Secret;
pub use crate::validate::{Validate, Violations};
pub use penguiflow_macros::{Provides, controller, flow, message, node, router};
