//! The files of models that come with the crate. Must not know what they say.

/// Name and text of each.
pub(super) const FILES: &[(&str, &str)] = &[
    ("anthropic.toml", include_str!("../../../data/models/anthropic.toml")),
    ("azure.toml", include_str!("../../../data/models/azure.toml")),
    ("bedrock.toml", include_str!("../../../data/models/bedrock.toml")),
    ("databricks.toml", include_str!("../../../data/models/databricks.toml")),
    ("deepseek.toml", include_str!("../../../data/models/deepseek.toml")),
    ("google.toml", include_str!("../../../data/models/google.toml")),
    ("groq.toml", include_str!("../../../data/models/groq.toml")),
    ("local.toml", include_str!("../../../data/models/local.toml")),
    ("mistral.toml", include_str!("../../../data/models/mistral.toml")),
    ("nim.toml", include_str!("../../../data/models/nim.toml")),
    ("openai.toml", include_str!("../../../data/models/openai.toml")),
    ("openrouter.toml", include_str!("../../../data/models/openrouter.toml")),
    ("xai.toml", include_str!("../../../data/models/xai.toml")),
];
