//! What Bedrock's Converse takes as a tool's input. Must not know other dialects.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolInputSchema.html> asks for JSON schema and says no more; not every model
//! behind it resolves references. Rules stay.

use crate::llm::dialect::note::Ledger;
use crate::llm::dialect::words;
use serde_json::{Map, Value};

pub(super) fn node(node: &mut Map<String, Value>, at: &str, ledger: &mut Ledger) {
    words::drop(node, &words::ANNOTATIONS);
    words::tell(node, at, ledger, |keyword, _| keyword != "default");
}
