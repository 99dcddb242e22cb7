//! Reads `provider/model`. Must not know what a provider is beyond its name.

use crate::graph::near::{listed, nearest};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::provider::rows;

/// How names of models begin whose makers are known, and who serves them.
const FAMILIES: &[(&str, &str)] = &[
    ("us.", "bedrock"),
    ("eu.", "bedrock"),
    ("apac.", "bedrock"),
    ("global.", "bedrock"),
    ("anthropic.", "bedrock"),
    ("amazon.", "bedrock"),
    ("meta.", "bedrock"),
    ("mistral.", "bedrock"),
    ("cohere.", "bedrock"),
    ("deepseek.", "bedrock"),
    ("gpt-", "openai"),
    ("chatgpt-", "openai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("claude-", "anthropic"),
    ("gemini-", "google"),
    ("databricks-", "databricks"),
    ("grok-", "xai"),
    ("deepseek-", "deepseek"),
    ("mistral-", "mistral"),
    ("ministral-", "mistral"),
    ("codestral-", "mistral"),
    ("magistral-", "mistral"),
];

/// The provider and its model.
pub(super) fn split(name: &str) -> Result<(&str, &str), LlmError> {
    let name = name.trim();
    match name.split_once('/') {
        // Models of NVIDIA's own bear its name there, those of others theirs.
        Some(("nvidia", model)) if !model.contains('/') => Ok(("nim", name)),
        Some((provider, model)) if rows::find(provider).is_some() => Ok((provider, model)),
        Some((provider, _)) => Err(unknown(provider)),
        None => Err(bare(name)),
    }
}

/// A model without a provider.
fn bare(name: &str) -> LlmError {
    let family = FAMILIES.iter().find(|(start, _)| name.starts_with(start));
    let hint = match family {
        Some((_, provider)) => format!("did you mean `{provider}/{name}`?"),
        None => "name it `provider/model`".to_owned(),
    };
    LlmError::new(LlmErrorKind::UnknownModel, format!("`{name}` names no provider: {hint}"))
}

/// A provider that is not known.
pub(super) fn unknown(name: &str) -> LlmError {
    let all = || rows::ALL.iter().flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()));
    let hint = match nearest(all(), name) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "there are {}; for another one see `Provider::compatible`",
            listed(rows::ALL.iter().map(|row| row.name))
        ),
    };
    LlmError::new(LlmErrorKind::UnknownModel, format!("there is no provider `{name}`: {hint}"))
}
