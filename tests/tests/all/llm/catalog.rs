//! What is known of models by their names: which row is found, what it says, and what is said of names that nobody knows.

use penguiflow::llm::{Catalog, CatalogError, Dialect, LimitField, OutputMode, Profile, ReasoningStyle};
use std::path::PathBuf;
use std::process::Command;

fn row(provider: &str, model: &str) -> String {
    Catalog::embedded().profile(provider, model).row.unwrap_or_else(|| "none".to_owned())
}

fn profile(provider: &str, model: &str) -> Profile {
    (*Catalog::embedded().profile(provider, model).profile).clone()
}

/// A file of that text, gone with the value.
struct File(PathBuf);

impl File {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("penguiflow-{}-{name}", std::process::id()));
        std::fs::write(&path, text).expect("there is room");
        File(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn the_longest_row_that_fits_is_the_models() {
    for (provider, model, wanted) in [
        ("openai", "gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini"),
        ("openai", "gpt-4o-2024-08-06", "openai/gpt-4o"),
        ("openai", "gpt-4o-2024-05-13", "openai/gpt-4o-2024-05-13"),
        ("openai", "o3-mini-2025-01-31", "openai/o3-mini"),
        ("openai", "o3-2025-04-16", "openai/o3"),
        ("openai", "gpt-5-nano-2025-08-07", "openai/gpt-5-nano"),
        ("openai", "gpt-5", "openai/gpt-5"),
        ("openai", "gpt-4-0613", "openai/gpt-4"),
        ("openai", "gpt-4.1-mini", "openai/gpt-4.1-mini"),
        ("openai", "gpt-41", "none"),
        ("openai", "gpt-5.9", "none"),
        ("openai", "gpt-6.3-sol", "none"),
        ("anthropic", "claude-sonnet-4-20250514", "anthropic/claude-sonnet-4"),
        ("anthropic", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5"),
        ("anthropic", "claude-sonnet-4.5", "anthropic/claude-sonnet-4-5"),
        ("anthropic", "claude-opus-5", "anthropic/claude-opus-5"),
        ("anthropic", "claude-opus-5-5", "anthropic/claude-opus-5-5"),
        ("anthropic", "claude-opus-4-9", "none"),
        ("google", "gemini-2.5-flash-preview-09-2025", "google/gemini-2.5-flash"),
        ("google", "gemini-2.5-flash-lite", "google/gemini-2.5-flash-lite"),
        ("google", "models/gemini-2.5-pro", "google/gemini-2.5-pro"),
        ("bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0", "bedrock/anthropic.claude-haiku-4-5"),
        ("bedrock", "global.anthropic.claude-haiku-4-5-20251001-v1:0", "bedrock/global.anthropic.claude-haiku-4-5"),
        ("bedrock", "anthropic.claude-3-5-sonnet-20241022-v2:0", "bedrock/anthropic.claude-3-5-sonnet"),
        ("bedrock", "eu.amazon.nova-pro-v1:0", "bedrock/amazon.nova-pro"),
        ("bedrock", "us.deepseek.r1-v1:0", "bedrock/deepseek.r1"),
        ("azure", "gpt-4o", "openai/gpt-4o"),
        ("azure", "gpt-35-turbo", "azure/gpt-35-turbo"),
        ("databricks", "databricks-claude-sonnet-4-5", "databricks/databricks-claude-sonnet-4-5"),
        ("databricks", "databricks-claude-opus-4-8", "databricks/databricks-claude"),
        ("databricks", "databricks-gpt-oss-120b", "databricks/databricks-gpt-oss-120b"),
        ("groq", "openai/gpt-oss-120b", "groq/openai/gpt-oss-120b"),
        ("nim", "meta/llama-3.1-70b-instruct", "nim/meta/llama-3.1-70b-instruct"),
        ("openrouter", "anthropic/claude-sonnet-4", "openrouter/anthropic/claude-sonnet-4"),
        ("openrouter", "meta-llama/llama-3.3-70b-instruct:free", "openrouter/meta-llama"),
        ("mistral", "mistral-small-2506", "mistral/mistral-small-2506"),
        ("xai", "grok-4-0709", "xai/grok-4"),
        ("ours", "gpt-4o", "none"),
    ] {
        assert_eq!(row(provider, model), wanted, "{provider} {model}");
    }
}

#[test]
fn models_write_values_as_they_can() {
    use OutputMode::{Native, Prompted, Tool};
    for (provider, model, mode) in [
        ("openai", "gpt-6.2-sol", Native),
        ("openai", "gpt-5.4-mini", Native),
        ("openai", "gpt-4.1", Native),
        ("openai", "gpt-4o-mini", Native),
        ("openai", "o4-mini", Native),
        ("openai", "gpt-4", Tool),
        ("openai", "gpt-3.5-turbo", Tool),
        ("openai", "gpt-4o-2024-05-13", Tool),
        ("openai", "o1-mini", Prompted),
        ("anthropic", "claude-opus-5-5", Native),
        ("anthropic", "claude-sonnet-4-5", Native),
        ("anthropic", "claude-opus-4-1", Tool),
        ("anthropic", "claude-3-haiku-20240307", Tool),
        ("google", "gemini-3.5-flash", Native),
        ("google", "gemini-1.0-pro", Tool),
        ("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", Tool),
        ("bedrock", "amazon.nova-pro-v1:0", Tool),
        ("bedrock", "anthropic.claude-opus-5-5", Prompted),
        ("bedrock", "us.deepseek.r1-v1:0", Prompted),
        ("bedrock", "us.meta.llama3-3-70b-instruct-v1:0", Prompted),
        ("bedrock", "mistral.mistral-large-2402-v1:0", Tool),
        ("bedrock", "cohere.command-r-plus-v1:0", Tool),
        ("databricks", "databricks-gpt-5-2", Native),
        ("databricks", "databricks-claude-opus-4-7", Native),
        ("openrouter", "openai/gpt-5", Native),
        ("openrouter", "google/gemini-2.5-pro", Native),
        ("openrouter", "qwen/qwen3-32b", Native),
        ("openrouter", "qwen/qwen-2.5-72b-instruct", Tool),
        ("openrouter", "deepseek/deepseek-r1", Tool),
        ("openrouter", "x-ai/grok-4.3", Tool),
        ("openrouter", "meta-llama/llama-3.3-70b-instruct", Tool),
        ("openrouter", "perplexity/sonar", Prompted),
        ("openrouter", "mistralai/mistral-large-2512", Native),
        ("openrouter", "mistralai/mixtral-8x22b-instruct", Tool),
        ("openrouter", "minimax/minimax-m2.1", Native),
        ("openrouter", "xiaomi/mimo-v2-flash", Native),
        ("openrouter", "z-ai/glm-4.6", Native),
        ("openrouter", "nvidia/nemotron-3-nano-30b-a3b", Native),
        ("openrouter", "inception/mercury", Native),
        ("openrouter", "cohere/command-r-plus", Tool),
        ("openrouter", "stepfun/step-3.5-flash", Tool),
        ("openrouter", "openrouter/auto", Tool),
        ("nim", "meta/llama-3.1-70b-instruct", Tool),
        ("groq", "llama-3.3-70b-versatile", Tool),
        ("groq", "openai/gpt-oss-20b", Native),
        ("deepseek", "deepseek-flash", Tool),
        ("mistral", "mistral-large-2512", Native),
        ("xai", "grok-4.7", Native),
        ("ollama", "llama3.2:3b", Native),
        ("vllm", "anything", Native),
    ] {
        assert_eq!(profile(provider, model).mode, mode, "{provider} {model}");
    }
}

#[test]
fn a_route_has_its_makers_limits_and_none_of_its_ways() {
    let route = profile("openrouter", "anthropic/claude-sonnet-4.5");
    let maker = profile("anthropic", "claude-sonnet-4-5");
    assert_eq!((route.dialect, maker.dialect), (Dialect::OpenAi, Dialect::Anthropic));
    assert_eq!((route.reasoning, maker.reasoning), (ReasoningStyle::Effort, ReasoningStyle::Budget));
    assert!(route.json && !maker.json);
    assert_eq!(route.context_tokens, maker.context_tokens);
    assert_eq!((route.images, route.image_tokens), (true, maker.image_tokens));
    // One without a row of its own is as its maker's others there.
    let plain = profile("openrouter", "anthropic/claude-sonnet-4");
    assert_eq!((plain.mode, plain.native_schema, plain.dialect), (OutputMode::Tool, false, Dialect::OpenAi));
    let limits = |provider, model| profile(provider, model).limit_field;
    assert_eq!(limits("openrouter", "openai/gpt-5"), LimitField::MaxTokens);
    assert_eq!(limits("openai", "gpt-5"), LimitField::MaxCompletionTokens);
    let bricks = profile("databricks", "databricks-claude-opus-4-7");
    assert_eq!((bricks.tools_max, bricks.schema_keys_max, bricks.dialect), (Some(32), Some(64), Dialect::Databricks));
    assert!(!bricks.temperature && bricks.images, "what it refuses and what it sees goes with it");
}

#[test]
fn a_temperature_is_refused_by_those_that_think() {
    for (provider, model, takes) in [
        ("openai", "gpt-4o", true),
        ("openai", "gpt-5-chat-latest", true),
        ("openai", "gpt-5", false),
        ("openai", "o3", false),
        ("anthropic", "claude-sonnet-4-6", true),
        ("anthropic", "claude-opus-4-7", false),
        ("anthropic", "claude-haiku-5-5", false),
        ("bedrock", "eu.anthropic.claude-opus-4-7", false),
        ("databricks", "databricks-gpt-5-mini", false),
        ("databricks", "databricks-claude-sonnet-4-6", true),
        ("openrouter", "anthropic/claude-opus-4.8", false),
        ("google", "gemini-3.8-flash", true),
    ] {
        assert_eq!(profile(provider, model).temperature, takes, "{provider} {model}");
    }
}

#[test]
fn how_to_be_told_to_think_goes_with_the_provider_and_the_age() {
    use ReasoningStyle::{Adaptive, Budget, Effort, None, Template};
    for (provider, model, style) in [
        ("openai", "gpt-5.2", Effort),
        ("openai", "o3", Effort),
        ("openai", "gpt-4o", None),
        ("anthropic", "claude-3-5-haiku", None),
        ("anthropic", "claude-3-7-sonnet", Budget),
        ("anthropic", "claude-sonnet-4-5", Budget),
        ("anthropic", "claude-opus-4-7", Adaptive),
        ("google", "gemini-2.0-flash", None),
        ("google", "gemini-2.5-pro", Budget),
        ("google", "gemini-3.5-flash", Effort),
        ("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", Budget),
        ("bedrock", "anthropic.claude-opus-4-8", Adaptive),
        ("bedrock", "amazon.nova-pro-v1:0", None),
        ("databricks", "databricks-claude-opus-4-7", Adaptive),
        ("databricks", "databricks-claude-opus-4-8", Adaptive),
        ("databricks", "databricks-claude-sonnet-5", Adaptive),
        ("databricks", "databricks-claude-sonnet-4-5", Budget),
        ("databricks", "databricks-claude-3-7-sonnet", Budget),
        ("databricks", "databricks-gemini-2-5-flash", Budget),
        ("databricks", "databricks-gemini-3-5-flash", Effort),
        ("databricks", "databricks-gpt-5-2", Effort),
        ("databricks", "databricks-gpt-oss-120b", Effort),
        ("databricks", "databricks-meta-llama-3-3-70b-instruct", None),
        ("openrouter", "deepseek/deepseek-r1", Effort),
        ("nim", "qwen/qwen3.5-397b-a17b", Template),
        ("nim", "openai/gpt-oss-120b", Effort),
    ] {
        assert_eq!(profile(provider, model).reasoning, style, "{provider} {model}");
    }
}

#[test]
fn what_a_model_cannot_do_is_known() {
    // Looks at pictures, asks for tools, streams, takes JSON of any kind, has its thoughts in tags.
    for (provider, model, able) in [
        ("openai", "gpt-4o", [true, true, true, true, false]),
        ("openai", "gpt-4o-mini-2024-07-18", [true, true, true, true, false]),
        ("openai", "gpt-3.5-turbo", [false, true, true, true, false]),
        ("openai", "o3", [true, true, true, true, false]),
        ("openai", "o1-mini", [false, false, false, false, false]),
        ("openai", "o1-preview", [false, false, false, false, false]),
        ("anthropic", "claude-sonnet-4-5", [true, true, true, false, false]),
        ("google", "gemini-1.0-pro", [false, true, true, false, false]),
        ("bedrock", "us.deepseek.r1-v1:0", [false, false, true, false, false]),
        ("databricks", "databricks-claude-opus-4-8", [true, true, true, true, false]),
        ("databricks", "databricks-mpt-30b-instruct", [false, false, true, true, false]),
        ("openrouter", "stepfun/step-3.5-flash", [false, true, true, false, false]),
        ("openrouter", "perplexity/sonar-pro", [false, false, true, false, false]),
        ("openrouter", "deepseek/deepseek-r1", [false, true, true, true, true]),
        ("nim", "meta/llama-3.3-70b-instruct", [false, true, true, true, true]),
    ] {
        let Profile { images, tools, streaming, json, think_tags, .. } = profile(provider, model);
        assert_eq!([images, tools, streaming, json, think_tags], able, "{provider} {model}");
    }
}

#[test]
fn how_much_a_model_reads_and_writes_is_known_or_said_not_to_be() {
    for (provider, model, context, output) in [
        ("openai", "gpt-4o", Some(128_000), Some(16_384)),
        ("anthropic", "claude-3-haiku", Some(200_000), Some(4_096)),
        ("anthropic", "claude-sonnet-4-5", Some(200_000), Some(64_000)),
        ("anthropic", "claude-sonnet-4-6", Some(1_000_000), Some(64_000)),
        ("anthropic", "claude-opus-4-7", Some(1_000_000), Some(128_000)),
        ("databricks", "databricks-claude-opus-4-7", Some(1_000_000), Some(128_000)),
        ("openai", "gpt-9", None, None),
        ("vllm", "anything", None, None),
    ] {
        let known = profile(provider, model);
        assert_eq!((known.context_tokens, known.output_tokens), (context, output), "{provider} {model}");
    }
}

#[test]
fn a_name_that_nobody_knows_is_told_what_may_have_been_meant() {
    let nearest = |provider: &str, model: &str| Catalog::embedded().profile(provider, model).nearest;
    assert_eq!(nearest("openai", "gtp-4o-mini")[0], "gpt-4o-mini");
    assert_eq!(nearest("openai", "gpt-4o-minni")[0], "gpt-4o-mini", "though the row of its family is taken");
    assert_eq!(nearest("anthropic", "claude-haiku-45")[0], "claude-haiku-4-5");
    assert_eq!(nearest("azure", "gpt-4oo")[0], "gpt-4o", "of those that are as they are elsewhere, too");
    assert_eq!(
        nearest("antropic", "claude-opus-5"),
        ["anthropic"],
        "a provider that nobody knows is the first thing to say"
    );
    assert_eq!(nearest("openai", "walrus"), Vec::<String>::new());
    assert_eq!(nearest("openai", "gpt-4o"), Vec::<String>::new(), "what is known is not guessed at");
    assert!(nearest("openai", "gpt-5.9").len() <= 3);
    for odd in ["", "/", "::", "gpt-4o\u{301}", &"x".repeat(100_000)] {
        let known = Catalog::embedded().profile("openai", odd);
        assert!(known.row.is_none() || odd.starts_with("gpt-4o"), "{:?}", known.row);
    }
}

#[test]
fn what_is_usual_for_a_provider_holds_for_a_model_that_nobody_knows() {
    let unknown = Catalog::embedded().profile("openai", "gpt-9");
    assert!(unknown.row.is_none() && unknown.price_row.is_none() && unknown.source.is_none() && unknown.date.is_none());
    assert_eq!((unknown.profile.dialect, unknown.profile.price.clone()), (Dialect::OpenAi, None));
    assert_eq!(*Catalog::embedded().profile("nobody", "nothing").profile, Profile::default());
}

#[test]
fn a_file_of_ones_own_goes_before_the_table() {
    let text = "[openai.models.\"gpt-4o\"]\ntools_max = 8\nprice = { input = \"1\", output = \"2\" }\n";
    let file = File::new("own.toml", text);
    let known = Catalog::embedded().with_file(&file.0).expect("it is right").profile("openai", "gpt-4o");
    assert_eq!((known.profile.tools_max, known.profile.context_tokens), (Some(8), Some(128_000)));
    assert_eq!(
        (known.source, known.date),
        (Some(file.0.display().to_string()), None),
        "the old page no longer says so"
    );
}

#[test]
fn a_file_that_cannot_be_taken_over_is_named_with_its_line() {
    let file = File::new("wrong.toml", "# Ours.\n\n[openai.models.\"gpt-4o\"]\ntool = false\n");
    let error = Catalog::embedded().with_file(&file.0).expect_err("it is wrong");
    let CatalogError::Wrong { file: Some(name), line: Some(4), key: Some(key), .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!((name.as_str(), key.as_str()), (&*file.0.display().to_string(), "tool"));
    assert!(error.to_string().ends_with("did you mean `tools`?"), "{error}");
    let error = Catalog::embedded().with_file("/nowhere/models.toml").expect_err("it is not there");
    assert!(matches!(&error, CatalogError::Unread { file, .. } if file == "/nowhere/models.toml"), "{error:?}");
    assert!(std::error::Error::source(&error).is_some());
    let large = File::new("large.toml", &"#".repeat(5 * 1024 * 1024));
    let error = Catalog::embedded().with_file(&large.0).expect_err("it is too large");
    assert!(error.to_string().ends_with("5242880 bytes; at most 4194304"), "{error}");
}

/// Runs itself again with the variable set, because no program may set its own while others run.
#[test]
fn the_variable_names_a_file() {
    if std::env::var_os("PENGUIFLOW_MODELS").is_some() {
        let known = Catalog::from_env().expect("it is right").profile("ours", "tuned");
        assert_eq!(known.profile.context_tokens, Some(42));
        return;
    }
    assert_eq!(Catalog::from_env().expect("no file is named").profile("ours", "tuned").row, None);
    let file = File::new("named.toml", "[ours.models.tuned]\ncontext_tokens = 42\n");
    let itself = std::env::current_exe().expect("it runs");
    let name = "llm::catalog::the_variable_names_a_file";
    let run =
        Command::new(itself).args(["--exact", name]).env("PENGUIFLOW_MODELS", &file.0).output().expect("it starts");
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && told.contains("1 passed"), "{told}");
}

#[test]
fn the_table_is_shared_and_an_own_one_is_not() {
    let embedded = Catalog::embedded();
    let own = embedded.clone().with_toml("[openai.defaults]\naudio = true\n").expect("it is right");
    assert!(own.profile("openai", "gpt-9").profile.audio);
    assert!(
        !embedded.profile("openai", "gpt-9").profile.audio
            && !Catalog::embedded().profile("openai", "gpt-9").profile.audio
    );
    assert!(own.providers().any(|name| name == "openai") && own.models("openai").any(|name| name == "gpt-4o"));
    assert_eq!(own.models("nobody").count(), 0);
}
