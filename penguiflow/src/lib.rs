//! Agent pipelines that must be right: annotated functions become nodes, [`flow!`] wires them, and the compiler refuses a
//! wrong wire, an unrouted case and a loop without a bound.
//!
//! ```
//! use penguiflow::prelude::*;
//!
//! #[node]
//! async fn split(text: String) -> Vec<String> { text.split(' ').map(str::to_owned).collect() }
//! #[node(retries = 2, timeout = "1s")]
//! async fn measure(word: String) -> Result<usize, std::io::Error> { Ok(word.len()) }
//! #[node]
//! async fn total(lengths: Vec<usize>) -> usize { lengths.iter().sum() }
//!
//! flow! {
//!     /// How many letters a text has.
//!     letters(String) -> usize { split -> map(measure, 8) -> total }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let app = letters::flow().start()?;
//! assert_eq!(app.call("penguins huddle".to_owned()).await?, 14);
//! # Ok(())
//! # }
//! ```
//!
//! # Where to start
//! - [`node`], [`router`], [`controller`] and [`message`](macro@message) make the parts, [`flow!`] the whole.
//! - [`FlowBuilder`] starts a flow, [`Handle`] is its front desk, [`Trace`] one message on its way.
//! - [`Handle::post`] takes messages whose endings go to one reader, [`Outputs`]; [`DeadLetters`] has what nobody saw.
//! - [`Ctx::stream`] sends chunks while a node runs; the chapter on [streams](mod@stream) has the rest.
//! - [`Ending`] and [`Stop`] say how a message ended, [`FlowError`] where and why it failed.
//! - [`Live`] shows a started flow as it is now: what runs, waits, fails and costs, at each step, also as a drawing.
//! - `llm`, behind the feature of that name, asks language models: one client over all providers, with budgets, retries and stand-ins.
//! - [`Policy`] has the limits and their defaults, [`Options`] those of a whole flow.
//!
//! # What always holds
//! - Every message that is let in ends in exactly one [`Ending`].
//! - A node runs once per message on its path, and again only by its own retry policy.
//! - Every wait ends with a value, with a cancel or with the deadline.
//! - Dropping a handle, a trace or a call leaves nothing running but a `blocking` call that is on its thread already; those are
//!   counted by [`Handle::orphans`].
//!
//! # Features
//! | feature | what it adds |
//! |---|---|
//! | `garde` | `validate::by_garde`: the rules of a type with `#[derive(garde::Validate)]` |
//! | `llm` | [`llm`]: models as a typed client, with stand-ins that need no network |
//! | `llm-aws` | requests to Bedrock are signed with an access key: `llm::Provider::with_aws_keys` |
//! | `llm-genai` | `llm::LongTail`: more providers, by the crate genai |
//! | `llm-http` | the way to the network for [`llm`], encrypted by rustls |
//! | `llm-tokens` | `llm::count_tokens` counts exactly for OpenAI's models up to gpt-5 |
//! | `llm-validate` | values of models are checked against the JSON schema of their type, and not by serde alone |
//! | `logging` | `Logging`: log lines as JSON or for people, set up by one call |
//! | `mlflow` | `Mlflow`: runs of experiments, with figures and traces, on an MLflow server |
//! | `otel` | `Otel`: spans for a collector, by OTLP over HTTP, linked to those of other processes |
//! | `prometheus` | `Prometheus`: what flows do, as the text that Prometheus scrapes |
//! | `recording` | `Recorder`: traces as they ran, which `testkit::Replay` plays again |
//! | `signal` | `Handle::run_until_signal`: Ctrl-C and SIGTERM drain the flow, a second one aborts it |
//! | `testkit` | [`testkit`]: runs a flow under faults and virtual time, asserts what happened, simulates it, and keeps golden files |
//! | `tower` | `Handle::service`: the flow as a `tower::Service` of messages |
#![forbid(unsafe_code)]

mod bug;
pub mod clock;
mod error;
mod event;
mod graph;
pub mod id;
#[cfg(feature = "llm")]
#[doc = include_str!("../docs/models.md")]
pub mod llm;
pub mod message;
mod money;
#[cfg(any(feature = "llm-http", feature = "otel"))]
mod net;
mod place;
mod policy;
pub mod prelude;
mod runtime;
pub mod secret;
pub mod sse;
#[doc = include_str!("../docs/streams.md")]
pub mod stream;
mod sync;
mod telemetry;
#[cfg(feature = "testkit")]
#[doc = include_str!("../docs/testkit.md")]
pub mod testkit;
pub mod validate;

#[doc(hidden)]
pub mod __private;

pub use crate::error::branch::BranchError;
pub use crate::error::{BoxError, Classify, Ending, ErrorClass, ErrorKind, FlowError, Limit, NodeError, Stop};
pub use crate::event::{EventKind, Failure, FlowEvent, ModelCall, ModelUsage, Observer, RemoteCall};
pub use crate::graph::allowance::{Allowance, OverBudget, Reservation};
pub use crate::graph::bound::{Assumed, Bound, Leg, Limits, Wait};
pub use crate::graph::call::{CallError, Callee};
pub use crate::graph::channels::QueueInfo;
pub use crate::graph::context::Ctx;
pub use crate::graph::draw::{Direction, Drawing, Heat, Note};
pub use crate::graph::letters::{DeadLetter, DeadLetters, DeadLettersTaken, Unseen};
pub use crate::graph::routing::{Answer, KeepOrDrop, NoSuchArm, Proposal, Reroute, RoutingPolicy};
pub use crate::graph::state::{Provides, State};
pub use crate::graph::stored::{NotStored, Stored, Stranded};
pub use crate::graph::topology::ways::{EdgeInfo, EdgeKind, Lane, LoopInfo};
pub use crate::graph::topology::{FlowInfo, NodeInfo, StepEntry, StepInfo, StepKind, flows, nodes};
pub use crate::graph::type_name::TypeName;
pub use crate::graph::writer::StreamWriter;
pub use crate::id::TraceId;
pub use crate::message::{Budget, Cost, Headers, Message, Meta};
pub use crate::money::{Money, MoneyError};
pub use crate::place::Place;
pub use crate::policy::{Backoff, Effect, Jitter, OnCancel, Policy, Rate, Validation};
pub use crate::runtime::admission::counts::Counts;
pub use crate::runtime::chunks::Chunks;
pub use crate::runtime::flow::{FlowBuilder, Options, StartError};
pub use crate::runtime::handle::Handle;
pub use crate::runtime::handle::blocking::CallBlockingError;
pub use crate::runtime::handle::refused::Refused;
#[cfg(feature = "tower")]
pub use crate::runtime::handle::service::FlowService;
pub use crate::runtime::handle::shutdown::{Drained, Shutdown};
pub use crate::runtime::map::concurrent::map_concurrent;
pub use crate::runtime::observe::{Lag, Observation};
pub use crate::runtime::playbook::Playbook;
pub use crate::runtime::posts::outputs::{Output, Outputs, OutputsTaken};
pub use crate::runtime::registry::{LookUpError, Registry, ServeError, Served};
pub use crate::runtime::repeat::Step;
pub use crate::runtime::route::by_map::MapPolicy;
pub use crate::runtime::route::routes::{RouteKey, Routes, RoutesError};
pub use crate::runtime::trace::Trace;
pub use crate::runtime::trace::whole::{TraceItem, TraceStream};
pub use crate::secret::Secret;
pub use crate::stream::{Chunk, Piece, StreamId};
pub use crate::telemetry::live::topology::models::LiveModel;
pub use crate::telemetry::live::topology::{Latency, LiveEdge, LiveQueue, LiveStep, LiveTopology, LiveTraces};
pub use crate::telemetry::live::{BadBounds, Live};
#[cfg(feature = "logging")]
pub use crate::telemetry::logging::{Logging, LoggingError, ScopedLogging};
#[cfg(feature = "mlflow")]
pub use crate::telemetry::mlflow::{Mlflow, MlflowError, MlflowObserver, MlflowReport, MlflowRun};
#[cfg(feature = "otel")]
pub use crate::telemetry::otel::{Exports, Otel, OtelError, ScopedTelemetry, Telemetry};
#[cfg(feature = "prometheus")]
pub use crate::telemetry::prometheus::Prometheus;
#[cfg(feature = "recording")]
pub use crate::telemetry::recording::{Recorder, Recording};
pub use crate::validate::{Validate, Violations};
pub use penguiflow_macros::Provides;
#[doc = include_str!("../docs/controller.md")]
pub use penguiflow_macros::controller;
#[doc = include_str!("../docs/flow.md")]
pub use penguiflow_macros::flow;
#[doc = include_str!("../docs/message.md")]
pub use penguiflow_macros::message;
#[doc = include_str!("../docs/node.md")]
pub use penguiflow_macros::node;
#[doc = include_str!("../docs/router.md")]
pub use penguiflow_macros::router;
