//! The providers that are known: a row for each. Data only.

use crate::llm::profile::{Dialect, LimitField, OutputMode, Profile};
use crate::llm::provider::row::{Base, Format, KeyNeed, Row};
use crate::llm::wire::openai::form::{
    Address, Auth, CallIds, Form, OPENAI, StreamedSchemas, StreamedUsage, Systems, Thinking,
};
use std::borrow::Cow;

/// The provider of that name or alias.
pub(super) fn find(name: &str) -> Option<&'static Row> {
    ALL.iter().find(|row| row.name == name || row.aliases.contains(&name))
}

/// Whoever speaks OpenAI's format.
pub(super) const COMPATIBLE: Row = Row {
    name: "compatible",
    aliases: &[],
    base: Base::Asked("http://localhost:8080/v1"),
    key: KeyNeed::Optional,
    format: Format::Chat(OPEN_SERVER),
    key_vars: &[],
    base_vars: &[],
    version_vars: &[],
    client_vars: None,
    signed: None,
    token_path: "",
    headers: &[],
    header_vars: &[],
    tidy: str::to_owned,
    profile: Profile::default,
};

/// A server of one's own has all that the format has, and `top_k`.
const OPEN_SERVER: Form = Form { top_k: Some("top_k"), ..OPENAI };

/// A service with a key and an address of its own.
const SERVICE: Row = Row { key: KeyNeed::Needed, format: Format::Chat(OPENAI), ..COMPATIBLE };

pub(super) const ALL: &[Row] = &[
    // https://platform.openai.com/docs/api-reference
    Row {
        name: "openai",
        base: Base::Own("https://api.openai.com/v1"),
        key_vars: &["OPENAI_API_KEY"],
        base_vars: &["OPENAI_BASE_URL"],
        header_vars: &[("openai-organization", "OPENAI_ORG_ID"), ("openai-project", "OPENAI_PROJECT_ID")],
        profile: openai,
        ..SERVICE
    },
    // https://platform.openai.com/docs/api-reference/responses
    Row {
        name: "openai-responses",
        base: Base::Own("https://api.openai.com/v1"),
        key_vars: &["OPENAI_API_KEY"],
        base_vars: &["OPENAI_BASE_URL"],
        header_vars: &[("openai-organization", "OPENAI_ORG_ID"), ("openai-project", "OPENAI_PROJECT_ID")],
        format: Format::Responses,
        profile: openai,
        ..SERVICE
    },
    // https://learn.microsoft.com/azure/ai-foundry/openai/reference
    Row {
        name: "azure",
        base: Base::Asked("https://NAME.openai.azure.com"),
        key_vars: &["AZURE_OPENAI_API_KEY"],
        base_vars: &["AZURE_OPENAI_ENDPOINT"],
        version_vars: &["AZURE_OPENAI_API_VERSION", "OPENAI_API_VERSION"],
        tidy: |url| before(url, "/openai"),
        format: Format::Chat(Form {
            address: Address::Deployment { api_version: Cow::Borrowed("2024-10-21") },
            auth: Auth::Header("api-key"),
            ..OPENAI
        }),
        profile: openai,
        ..SERVICE
    },
    // https://platform.claude.com/docs/en/api/messages
    Row {
        name: "anthropic",
        base: Base::Own("https://api.anthropic.com"),
        key_vars: &["ANTHROPIC_API_KEY"],
        base_vars: &["ANTHROPIC_BASE_URL"],
        tidy: |url| not_ending_with(url, "/v1"),
        format: Format::Anthropic,
        profile: || Profile { json: false, images: true, dialect: Dialect::Anthropic, ..Profile::default() },
        ..SERVICE
    },
    // https://ai.google.dev/api
    Row {
        name: "google",
        aliases: &["gemini"],
        base: Base::Own("https://generativelanguage.googleapis.com"),
        key_vars: &["GEMINI_API_KEY", "GOOGLE_API_KEY"],
        base_vars: &["GOOGLE_GEMINI_BASE_URL"],
        tidy: |url| not_ending_with(url, "/v1beta"),
        format: Format::Gemini,
        profile: || Profile {
            mode: OutputMode::Native,
            native_schema: true,
            images: true,
            audio: true,
            dialect: Dialect::Google,
            ..Profile::default()
        },
        ..SERVICE
    },
    // https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-use.html
    Row {
        name: "bedrock",
        base: Base::Own("https://bedrock-runtime.us-east-1.amazonaws.com"),
        key_vars: &["AWS_BEARER_TOKEN_BEDROCK"],
        base_vars: &["AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_REGION", "AWS_DEFAULT_REGION"],
        signed: Some("bedrock"),
        tidy: in_region,
        format: Format::Converse,
        profile: || Profile { json: false, images: true, dialect: Dialect::Bedrock, ..Profile::default() },
        ..SERVICE
    },
    // https://docs.mistral.ai/api
    Row {
        name: "mistral",
        base: Base::Own("https://api.mistral.ai/v1"),
        key_vars: &["MISTRAL_API_KEY"],
        base_vars: &["MISTRAL_BASE_URL"],
        format: Format::Chat(Form {
            usage: StreamedUsage::Unasked,
            ids: CallIds::Nine,
            seed: "random_seed",
            any_tool: "any",
            ..OPENAI
        }),
        ..SERVICE
    },
    // https://console.groq.com/docs/api-reference
    Row {
        name: "groq",
        base: Base::Own("https://api.groq.com/openai/v1"),
        key_vars: &["GROQ_API_KEY"],
        base_vars: &["GROQ_BASE_URL"],
        profile: || Profile { limit_field: LimitField::MaxCompletionTokens, ..Profile::default() },
        ..SERVICE
    },
    // https://openrouter.ai/docs/api-reference/overview
    Row {
        name: "openrouter",
        base: Base::Own("https://openrouter.ai/api/v1"),
        key_vars: &["OPENROUTER_API_KEY"],
        base_vars: &["OPENROUTER_BASE_URL"],
        headers: &[("x-title", "penguiflow")],
        header_vars: &[("http-referer", "OPENROUTER_APP_URL"), ("x-title", "OPENROUTER_APP_TITLE")],
        format: Format::Chat(Form { thinking: Thinking::OpenRouter, top_k: Some("top_k"), ..OPENAI }),
        ..SERVICE
    },
    // https://docs.api.nvidia.com/nim/reference/llm-apis
    Row {
        name: "nim",
        aliases: &["nvidia"],
        base: Base::Own("https://integrate.api.nvidia.com/v1"),
        key_vars: &["NIM_API_KEY", "NVIDIA_API_KEY"],
        base_vars: &["NIM_BASE_URL"],
        format: Format::Chat(Form { systems: Systems::OneInFront, ..OPENAI }),
        ..SERVICE
    },
    // https://docs.databricks.com/machine-learning/model-serving/score-foundation-models
    Row {
        name: "databricks",
        base: Base::Asked("https://WORKSPACE.cloud.databricks.com"),
        key_vars: &["DATABRICKS_TOKEN", "DATABRICKS_API_KEY"],
        base_vars: &["DATABRICKS_HOST", "DATABRICKS_API_BASE"],
        client_vars: Some(("DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET")),
        token_path: "/oidc/v1/token",
        tidy: |url| before(&with_scheme("https", url), "/serving-endpoints"),
        format: Format::Chat(Form {
            address: Address::Endpoint,
            thinking: Thinking::Databricks,
            schemas: StreamedSchemas::Told,
            ..OPENAI
        }),
        profile: || Profile {
            mode: OutputMode::Native,
            native_schema: true,
            dialect: Dialect::Databricks,
            tools_max: Some(32),
            schema_keys_max: Some(64),
            ..Profile::default()
        },
        ..SERVICE
    },
    // https://docs.together.ai/reference/chat-completions-1
    Row {
        name: "together",
        base: Base::Own("https://api.together.xyz/v1"),
        key_vars: &["TOGETHER_API_KEY"],
        base_vars: &["TOGETHER_BASE_URL"],
        format: Format::Chat(OPEN_SERVER),
        ..SERVICE
    },
    // https://api-docs.deepseek.com
    Row {
        name: "deepseek",
        base: Base::Own("https://api.deepseek.com"),
        key_vars: &["DEEPSEEK_API_KEY"],
        base_vars: &["DEEPSEEK_BASE_URL"],
        format: Format::Chat(Form { thoughts: Some("reasoning_content"), ..OPENAI }),
        ..SERVICE
    },
    // https://docs.x.ai/docs/api-reference
    Row {
        name: "xai",
        base: Base::Own("https://api.x.ai/v1"),
        key_vars: &["XAI_API_KEY"],
        base_vars: &["XAI_BASE_URL"],
        profile: || Profile { mode: OutputMode::Native, native_schema: true, ..Profile::default() },
        ..SERVICE
    },
    // https://docs.ollama.com/api/openai-compatibility
    Row {
        name: "ollama",
        base: Base::Own("http://localhost:11434/v1"),
        key_vars: &["OLLAMA_API_KEY"],
        base_vars: &["OLLAMA_BASE_URL", "OLLAMA_HOST"],
        tidy: |url| ending_with(&with_scheme("http", url), "/v1"),
        format: Format::Chat(OPENAI),
        ..COMPATIBLE
    },
    // https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
    Row {
        name: "vllm",
        base: Base::Own("http://localhost:8000/v1"),
        key_vars: &["VLLM_API_KEY"],
        base_vars: &["VLLM_BASE_URL"],
        profile: || Profile { mode: OutputMode::Native, native_schema: true, ..Profile::default() },
        ..COMPATIBLE
    },
    // https://github.com/ggml-org/llama.cpp/tree/master/tools/server
    Row {
        name: "llama-server",
        aliases: &["llamacpp"],
        base: Base::Own("http://localhost:8080/v1"),
        key_vars: &["LLAMA_API_KEY"],
        base_vars: &["LLAMA_BASE_URL"],
        profile: || Profile { mode: OutputMode::Native, native_schema: true, ..Profile::default() },
        ..COMPATIBLE
    },
    // https://lmstudio.ai/docs/developer/openai-compat
    Row {
        name: "lmstudio",
        base: Base::Own("http://localhost:1234/v1"),
        key_vars: &["LMSTUDIO_API_KEY"],
        base_vars: &["LMSTUDIO_BASE_URL"],
        profile: || Profile { mode: OutputMode::Native, native_schema: true, ..Profile::default() },
        ..COMPATIBLE
    },
];

fn openai() -> Profile {
    Profile {
        mode: OutputMode::Native,
        native_schema: true,
        images: true,
        dialect: Dialect::OpenAi,
        limit_field: LimitField::MaxCompletionTokens,
        ..Profile::default()
    }
}

fn not_ending_with(url: &str, path: &str) -> String {
    let url = url.trim_end_matches('/');
    url.strip_suffix(path).unwrap_or(url).to_owned()
}

/// A region such as `eu-central-1` stands for Bedrock's address there: <https://docs.aws.amazon.com/general/latest/gr/bedrock.html>.
fn in_region(url: &str) -> String {
    let is_region = !url.is_empty() && url.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if is_region { format!("https://bedrock-runtime.{url}.amazonaws.com") } else { url.to_owned() }
}

fn with_scheme(scheme: &str, url: &str) -> String {
    if url.contains("://") { url.to_owned() } else { format!("{scheme}://{url}") }
}

fn before(url: &str, path: &str) -> String {
    url.split_once(path).map_or(url, |(before, _)| before).to_owned()
}

fn ending_with(url: &str, path: &str) -> String {
    let url = url.trim_end_matches('/');
    if url.ends_with(path) { url.to_owned() } else { format!("{url}{path}") }
}

#[cfg(test)]
mod tests;
