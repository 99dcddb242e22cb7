//! `provider/model`.

use super::named;
use crate::llm::error::LlmErrorKind;
use crate::llm::model::Model as _;
use crate::llm::provider::{Provider, names, open};
use crate::secret::Secret;

/// tooling:2.3
#[test]
fn a_name_begins_with_its_provider() {
    for (name, expected) in [
        ("openai/gpt-4o", ("openai", "gpt-4o")),
        ("openrouter/meta-llama/llama-3.3-70b", ("openrouter", "meta-llama/llama-3.3-70b")),
        ("nvidia/meta/llama-3.1-8b", ("nvidia", "meta/llama-3.1-8b")),
        ("nvidia/nemotron", ("nim", "nvidia/nemotron")),
        ("nim/nvidia/nemotron", ("nim", "nvidia/nemotron")),
        ("ollama/qwen3:8b", ("ollama", "qwen3:8b")),
    ] {
        assert_eq!(names::split(name).expect(name), expected);
    }
    let keyed = named("nvidia").with_key(Secret::new("k".to_owned()));
    assert_eq!(keyed.model("meta/llama").expect("is a model").info().to_string(), "nim/meta/llama");
}

/// tooling:2.3 weak
#[test]
fn a_name_that_is_not_known_is_asked_back_and_sent_nowhere() {
    let table = [
        ("gpt-4o-mini", "`openai/gpt-4o-mini`?"),
        ("o4-mini", "`openai/o4-mini`?"),
        ("claude-sonnet-4-5", "`anthropic/claude-sonnet-4-5`?"),
        ("gemini-2.5-pro", "`google/gemini-2.5-pro`?"),
        ("us.anthropic.claude-sonnet-4", "`bedrock/us.anthropic.claude-sonnet-4`?"),
        ("mistral.mistral-large", "`bedrock/mistral.mistral-large`?"),
        ("deepseek.r1", "`bedrock/deepseek.r1`?"),
        ("databricks-claude", "`databricks/databricks-claude`?"),
        ("llama3", "`provider/model`"),
        ("opneai/gpt-4o", "did you mean `openai`?"),
        ("grok/llama", "did you mean `groq`?"),
        ("walrus-services/x", "there are `openai`"),
        ("", "`provider/model`"),
        ("/x", "there is no provider ``"),
    ];
    for (name, hint) in table {
        let error = open(name).expect_err(name);
        assert_eq!(error.kind(), &LlmErrorKind::UnknownModel);
        assert!(error.message().contains(hint), "{name}: {error}");
    }
    assert!(Provider::named("OpenAI").expect_err("is not known").message().contains("did you mean `openai`?"));
}

#[test]
fn a_model_without_a_name_is_none() {
    for name in ["", "  ", "a\nb"] {
        let error = named("ollama").model(name).expect_err("is none");
        assert_eq!(error.kind(), &LlmErrorKind::InvalidRequest { field: Some("model".to_owned()) });
    }
}
