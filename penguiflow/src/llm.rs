//! Models: one client over every provider. Knows flows, and no planner.

mod cassette;
mod chat;
mod error;
mod key;
mod model;
mod observe;
mod profile;
mod stand_in;
mod transport;
mod wire;
mod wired;

pub use crate::llm::cassette::Cassette;
pub use crate::llm::cassette::error::{CassetteError, Difference};
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
pub use crate::llm::observe::Observed;
pub use crate::llm::observe::capture::Capture;
pub use crate::llm::profile::{Above, Bill, Dialect, LimitField, OutputMode, Price, Profile, ReasoningStyle};
pub use crate::llm::stand_in::echo::EchoModel;
pub use crate::llm::stand_in::extract::ExtractModel;
pub use crate::llm::stand_in::faulty::{Faulty, ModelFault};
pub use crate::llm::stand_in::reply::ScriptedReply;
pub use crate::llm::stand_in::scripted::ScriptedModel;
pub use crate::llm::transport::{Body, HeaderText, Headers, HttpReply, HttpRequest, Transport};
