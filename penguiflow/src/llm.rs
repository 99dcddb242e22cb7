//! Models: one client over every provider. Knows flows, and no planner.

mod chat;
pub mod dialect;
mod error;
mod key;
pub mod lenient;
mod model;
mod partial;
mod profile;
pub mod structured;
mod transport;
mod wire;
mod wired;

pub use crate::llm::chat::assembly::Assembly;
pub use crate::llm::chat::event::{ChatEvent, End};
pub use crate::llm::chat::media::{Audio, Bytes, Detail, Image, Source};
pub use crate::llm::chat::message::{Cache, ChatMessage, NotOneCall, Role};
pub use crate::llm::chat::part::{Part, Reasoning, Signature, Text, ToolCall, ToolResult};
pub use crate::llm::chat::request::{ChatRequest, Effort, Output, OutputSpec};
pub use crate::llm::chat::response::ChatResponse;
pub use crate::llm::chat::tool::{ToolChoice, ToolSpec};
pub use crate::llm::chat::usage::{Finish, Usage};
pub use crate::llm::error::{LlmError, LlmErrorKind, Patience};
pub use crate::llm::key::KeySource;
pub use crate::llm::model::{Call, Delivery, Model, ModelInfo, ModelStream};
pub use crate::llm::partial::Partial;
pub use crate::llm::profile::{Above, Bill, Dialect, LimitField, OutputMode, Price, Profile, ReasoningStyle};
pub use crate::llm::transport::{Body, HeaderText, Headers, HttpReply, HttpRequest, Transport};
