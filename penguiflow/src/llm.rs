//! Models: one client over every provider. Knows flows, and no planner.

mod cassette;
mod catalog;
mod chat;
mod client;
pub mod dialect;
mod error;
mod key;
mod learned;
pub mod lenient;
#[cfg(feature = "llm-genai")]
mod long_tail;
mod model;
mod network;
mod observe;
mod pace;
mod partial;
mod profile;
mod provider;
mod signing;
mod stand_in;
pub mod structured;
mod tokens;
mod transport;
mod wire;
mod wired;

pub use crate::llm::cassette::Cassette;
pub use crate::llm::cassette::error::{CassetteError, Difference};
pub use crate::llm::catalog::{Catalog, CatalogError, Known};
pub use crate::llm::chat::assembly::Assembly;
pub use crate::llm::chat::event::{ChatEvent, End};
pub use crate::llm::chat::media::{Audio, Bytes, Detail, Image, Source};
pub use crate::llm::chat::message::{Cache, ChatMessage, NotOneCall, Role};
pub use crate::llm::chat::part::{Part, Reasoning, Signature, Text, ToolCall, ToolResult};
pub use crate::llm::chat::request::{ChatRequest, Effort, Output, OutputSpec};
pub use crate::llm::chat::response::ChatResponse;
pub use crate::llm::chat::tool::{ToolChoice, ToolSpec};
pub use crate::llm::chat::usage::{Finish, Usage};
pub use crate::llm::client::LlmClient;
pub use crate::llm::client::asking::{Asking, ChatStream};
pub use crate::llm::client::chain::Fallback;
pub use crate::llm::client::generating::{Generated, Generating, GeneratingStream};
pub use crate::llm::client::patience::Timeouts;
pub use crate::llm::client::retry::Retry;
pub use crate::llm::error::{LlmError, LlmErrorKind, Patience};
pub use crate::llm::key::KeySource;
pub use crate::llm::learned::{Learned, Lesson};
#[cfg(feature = "llm-genai")]
pub use crate::llm::long_tail::{LongTail, LongTailModel};
pub use crate::llm::model::{Call, Delivery, Model, ModelInfo, ModelStream};
#[cfg(feature = "llm-http")]
pub use crate::llm::network::HttpTransport;
pub use crate::llm::observe::Observed;
pub use crate::llm::observe::capture::Capture;
pub use crate::llm::pace::{PaceLimits, Pacing};
pub use crate::llm::partial::Partial;
pub use crate::llm::profile::{Above, Bill, Dialect, LimitField, OutputMode, Price, Profile, ReasoningStyle};
pub use crate::llm::provider::{ClientCredentials, Provider, ProviderModel, open};
pub use crate::llm::signing::{AwsKeySource, AwsKeys};
pub use crate::llm::stand_in::echo::EchoModel;
pub use crate::llm::stand_in::extract::ExtractModel;
pub use crate::llm::stand_in::faulty::{Faulty, ModelFault};
pub use crate::llm::stand_in::reply::ScriptedReply;
pub use crate::llm::stand_in::scripted::ScriptedModel;
pub use crate::llm::tokens::{Tokens, count_tokens, estimate_request, estimate_tokens, estimate_usage, tokens_at_most};
pub use crate::llm::transport::{Body, HeaderText, Headers, HttpReply, HttpRequest, Transport};
