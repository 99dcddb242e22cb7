//! What models cost: each form of a name that has a price, and those that have none, which is not the price of nothing.

use penguiflow::Money;
use penguiflow::llm::{Catalog, Price, Profile, Usage};

/// What a million tokens read and a million written cost together, without the prices of long requests.
fn cost(provider: &str, model: &str) -> String {
    match &Catalog::embedded().profile(provider, model).profile.price {
        Some(price) => (price.input.times(1_000_000) + price.output.times(1_000_000)).to_string(),
        None => "unknown".to_owned(),
    }
}

#[test]
fn a_price_is_found_by_each_form_of_a_name() {
    for (provider, model, wanted) in [
        // Exactly, and dated.
        ("openai", "gpt-4o", "$12.50"),
        ("openai", "gpt-4o-2024-11-20", "$12.50"),
        ("openai", "gpt-4o-2024-05-13", "$20.00"),
        ("openai", "gpt-4o-mini-2024-07-18", "$0.75"),
        ("openai", "o3-mini-2025-01-31", "$5.50"),
        ("openai", "o3-2025-04-16", "$10.00"),
        ("openai", "gpt-5-nano-2025-08-07", "$0.45"),
        ("openai", "gpt-6.2-sol", "$12.00"),
        ("anthropic", "claude-opus-5-5", "$24.00"),
        ("anthropic", "claude-3-5-haiku-latest", "$4.80"),
        ("google", "gemini-2.5-flash-lite-preview-09-2025", "$0.50"),
        ("deepseek", "deepseek-v4-pro", "$5.28"),
        ("xai", "grok-4.7", "$8.00"),
        ("groq", "llama-3.1-8b-instant", "$0.13"),
        ("mistral", "mistral-large-2512", "$2.00"),
        // By what leads to it.
        ("azure", "gpt-4o-mini", "$0.75"),
        ("bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0", "$6.60"),
        ("bedrock", "global.anthropic.claude-haiku-4-5-20251001-v1:0", "$6.00"),
        ("bedrock", "amazon.nova-micro-v1:0", "$0.175"),
        ("databricks", "databricks-claude-sonnet-4-5", "$18.00"),
        ("databricks", "databricks-gpt-5-2", "$15.75"),
        ("databricks", "databricks-gemini-2-5-pro", "$11.25"),
        ("openrouter", "anthropic/claude-sonnet-4.5", "$18.00"),
        ("openrouter", "openai/gpt-5-mini", "$2.25"),
        ("openrouter", "google/gemini-3.5-flash", "$10.50"),
        ("openrouter", "x-ai/grok-4.3", "$3.75"),
        // For nothing.
        ("openrouter", "meta-llama/llama-3.3-70b-instruct:free", "$0.00"),
        ("openrouter", "nobody/knows-this:free", "$0.00"),
        ("ollama", "llama3.2:3b", "$0.00"),
        ("vllm", "Qwen/Qwen3-32B", "$0.00"),
        // Not known.
        ("ollama", "gpt-oss:120b-cloud", "unknown"),
        ("openai", "gpt-9", "unknown"),
        ("openai", "gpt-5.9-mini", "unknown"),
        ("openai", "gpt-4o-audio-preview", "unknown"),
        ("openai", "gpt-4o-realtime-preview", "unknown"),
        ("openai", "ft:gpt-4o-mini-2024-07-18:acme::abc", "unknown"),
        ("openrouter", "anthropic/claude-opus-4.8-fast", "unknown"),
        ("openrouter", "openai/gpt-5:batch", "unknown"),
        ("openrouter", "deepseek/deepseek-v4-pro", "unknown"),
        ("openrouter", "openai/gpt-oss-120b", "unknown"),
        ("databricks", "databricks-gpt-oss-120b", "unknown"),
        ("nim", "meta/llama-3.1-70b-instruct", "unknown"),
        ("mistral", "mistral-large-latest", "unknown"),
        ("ours", "gpt-4o", "unknown"),
    ] {
        assert_eq!(cost(provider, model), wanted, "{provider} {model}");
    }
}

#[test]
fn a_price_says_where_it_is_from() {
    let known = Catalog::embedded().profile("openrouter", "anthropic/claude-opus-5.5");
    assert_eq!(known.row.as_deref(), Some("openrouter/anthropic"));
    assert_eq!(known.price_row.as_deref(), Some("anthropic/claude-opus-5-5"));
    assert_eq!(known.source.as_deref(), Some("https://platform.claude.com/docs/en/models/opus-5-5/overview"));
    assert_eq!(known.date.as_deref(), Some("2026-10-16"));
    let local = Catalog::embedded().profile("ollama", "llama3.2:3b");
    assert_eq!((local.price_row, local.profile.price.is_some()), (None, true), "that of all models of the provider");
}

#[test]
fn long_requests_and_caches_have_their_own_prices() {
    let price = |provider, model| Catalog::embedded().profile(provider, model).profile.price.clone().expect("a price");
    let flash = price("anthropic", "claude-haiku-5-5");
    assert_eq!(flash.of(Usage::new(100_000, 1_000)).total().to_string(), "$0.0105");
    assert_eq!(flash.of(Usage::new(100_001, 1_000)).total().to_string(), "$0.0525005");
    let sonnet = price("anthropic", "claude-sonnet-4-6");
    let usage = Usage::new(10_000, 500).with_cached(8_000, 1_000);
    assert_eq!(sonnet.of(usage).total().to_string(), "$0.01665");
    assert!(sonnet.of(usage).total() < sonnet.of(Usage::new(10_000, 500)).total());
}

#[test]
fn an_own_price_goes_before_the_tables() {
    let price = Price::per_million("1".parse().expect("an amount"), "2".parse().expect("an amount"));
    let mut own = Profile::default();
    own.price = Some(price.clone());
    let catalog =
        Catalog::embedded().with_profile("openai", "gpt-4o", own.clone()).with_profile("openai", "gpt-9", own);
    for model in ["gpt-4o", "gpt-4o-2024-08-06", "gpt-9"] {
        assert_eq!(catalog.profile("openai", model).profile.price, Some(price.clone()), "{model}");
    }
    let mini = catalog.profile("openai", "gpt-4o-mini").profile.price.clone();
    assert_ne!(mini, Some(price), "a longer row is another model's");
    assert_eq!(
        catalog.profile("openai", "gpt-9-turbo").profile.price,
        None,
        "a word behind a name makes it another model"
    );
}

#[test]
fn unknown_is_not_the_price_of_nothing() {
    let catalog = Catalog::embedded();
    assert_eq!(catalog.profile("openai", "gpt-9").profile.price, None);
    let free = catalog.profile("openrouter", "a/b:free").profile.price.clone().expect("it is known to be free");
    assert_eq!(free.of(Usage::new(1_000_000, 1_000_000)).total(), Money::ZERO);
}
