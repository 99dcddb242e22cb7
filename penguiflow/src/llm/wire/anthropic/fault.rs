//! Says what an error of Anthropic's messages means, by its type and not by its words where it has a type for it. Source: the
//! [list of errors](https://platform.claude.com/docs/en/api/errors).

use crate::llm::error::{LlmError, LlmErrorKind, Patience};
use crate::llm::transport::Headers;
use serde_json::Value;
