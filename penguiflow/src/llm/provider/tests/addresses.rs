//! Which addresses are asked.

use super::{Desk, ask, named, vars};
use crate::llm::error::LlmErrorKind;
use crate::llm::provider::address::{Plain, checked};
use crate::llm::provider::{Provider, rows};
use crate::llm::wire::openai::form::OPENAI;
use crate::secret::Secret;

fn wrong(url: &str, plain: Plain) -> String {
    let error = checked(url, plain).expect_err(url);
    assert_eq!(error.kind(), &LlmErrorKind::InvalidRequest { field: Some("base_url".to_owned()) });
    error.message().to_owned()
}

#[test]
fn an_address_is_of_https_or_on_this_machine() {
    for (url, expected) in [
        ("https://api.example.org/v1/", "https://api.example.org/v1"),
        ("HTTPS://api.example.org", "https://api.example.org"),
        ("http://localhost:8080/v1", "http://localhost:8080/v1"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("http://127.9.8.7", "http://127.9.8.7"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("http://models.localhost", "http://models.localhost"),
        ("https://10.0.0.1:443", "https://10.0.0.1:443"),
    ] {
        assert_eq!(checked(url, Plain::Loopback).expect(url), expected);
    }
    for url in [
        "http://example.org",
        "http://10.0.0.1",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://[::2]",
        "http://0.0.0.0:11434",
    ] {
        assert!(wrong(url, Plain::Loopback).contains("of `http`"), "{url}");
        assert!(checked(url, Plain::Anywhere).is_ok(), "{url}");
    }
}

#[test]
fn an_address_that_can_be_read_in_two_ways_is_none() {
    for url in [
        "",
        "example.org",
        "ftp://example.org",
        "https://",
        "https:///v1",
        "https://user:key@example.org",
        "https://example.org?key=x",
        "https://example.org#x",
        "https://example.org\\@evil.org",
        "https://exa mple.org",
        "https://example.org/\r\nx: y",
        "https://ex\u{e4}mple.org",
        "https://example.org:port",
        "https://example.org:99999",
        "https://[::1",
        "https://[x]",
        "https://a,b",
        "https://example.org/../x",
        "https://example.org/./x",
        "https://exam%70le.org",
        "https://[::1]x",
    ] {
        wrong(url, Plain::Anywhere);
    }
    assert!(wrong("https://user:hunter2@example.org", Plain::Loopback).find("hunter2").is_none(), "no key is told");
}

#[test]
fn every_row_has_an_address_that_may_be_asked_and_names_of_its_own() {
    let mut names: Vec<&str> =
        rows::ALL.iter().flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied())).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "each name once");
    for row in rows::ALL {
        let provider = named(row.name).with_key(Secret::new("k".to_owned()));
        let model = match provider.model("m") {
            Ok(model) => model,
            Err(error) => {
                assert!(error.message().starts_with("no base URL"), "{error}");
                provider.with_base_url("https://example.org").expect("is one").model("m").expect("has one")
            }
        };
        assert_eq!(crate::llm::model::Model::info(&model).to_string(), format!("{}/m", row.name));
    }
    assert_eq!(OPENAI.seed, "seed");
}

#[test]
fn addresses_of_the_environment_are_tidied() {
    let url = |name: &str, all: &[(&str, &str)], model: &str| {
        let desk = Desk::default();
        let provider = named(name).with_transport(desk.clone()).from_vars(vars(all)).expect("is read");
        ask(&provider.model(model).expect("is a model"));
        desk.last().0
    };
    let databricks = [("DATABRICKS_HOST", "acme.cloud.databricks.com/serving-endpoints/"), ("DATABRICKS_TOKEN", "t")];
    assert_eq!(
        url("databricks", &databricks, "e"),
        "https://acme.cloud.databricks.com/serving-endpoints/e/invocations"
    );
    let azure = [
        ("AZURE_OPENAI_ENDPOINT", "https://acme.openai.azure.com/openai/v1/"),
        ("AZURE_OPENAI_API_KEY", "k"),
        ("OPENAI_API_VERSION", "2025-01-01"),
    ];
    assert_eq!(
        url("azure", &azure, "d"),
        "https://acme.openai.azure.com/openai/deployments/d/chat/completions?api-version=2025-01-01"
    );
    assert_eq!(url("ollama", &[("OLLAMA_HOST", "127.0.0.1:9999")], "m"), "http://127.0.0.1:9999/v1/chat/completions");
    assert_eq!(url("ollama", &[], "m"), "http://localhost:11434/v1/chat/completions");
    let error = named("openai").from_vars(vars(&[("OPENAI_BASE_URL", "http://evil.org")])).expect_err("is refused");
    assert!(error.message().starts_with("OPENAI_BASE_URL: "), "{error}");
    let error = named("azure").with_key(Secret::new("k".to_owned())).model("d").expect_err("has no address");
    assert!(error.message().contains("AZURE_OPENAI_ENDPOINT"), "{error}");
}

/// tooling:2.3 weak
#[test]
fn every_provider_is_asked_at_the_address_that_the_program_gives() {
    for row in rows::ALL {
        let desk = Desk::default();
        let provider = named(row.name).with_base_url("https://proxy.example.org/here").expect("is one");
        let provider = provider.with_key(Secret::new("k".to_owned())).with_transport(desk.clone());
        ask(&provider.model("m").expect("is a model"));
        let url = desk.last().0;
        assert!(url.starts_with("https://proxy.example.org/here/"), "{}: {url}", row.name);
    }
}

#[test]
fn a_server_of_ones_own_is_asked_without_a_key() {
    let desk = Desk::default();
    let local = Provider::compatible("mine", "http://localhost:8080/v1/").expect("is one").with_transport(desk.clone());
    ask(&local.model("qwen").expect("is a model"));
    let (url, headers) = desk.last();
    assert_eq!((url.as_str(), headers.len()), ("http://localhost:8080/v1/chat/completions", 0));
    assert!(Provider::compatible("mine", "http://gpu:8080/v1").is_err());
    assert!(Provider::compatible_http("mine", "http://gpu:8080/v1").is_ok());
}
