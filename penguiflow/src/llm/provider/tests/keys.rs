//! Where keys go, and where they do not.

use super::{Desk, ask, named, vars};
use crate::llm::error::LlmErrorKind;
use crate::llm::model::Model as _;
use crate::llm::provider::row::Base;
use crate::llm::provider::{Provider, rows};
use crate::llm::transport::HeaderText;
use crate::secret::Secret;

const ENVIRONMENT: &[(&str, &str)] = &[("OPENAI_API_KEY", "sk-env"), ("OPENAI_ORG_ID", "org")];

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn sends(provider: Provider) -> (String, Option<String>) {
    let desk = Desk::default();
    ask(&provider.with_transport(desk.clone()).model("m").expect("is a model"));
    let (url, headers) = desk.last();
    (url, headers.get("authorization").cloned())
}

#[test]
fn a_key_of_the_environment_goes_to_the_address_that_the_environment_means() {
    let provider = named("openai").from_vars(vars(ENVIRONMENT)).expect("is read");
    let own = "https://api.openai.com/v1/chat/completions".to_owned();
    assert_eq!(sends(provider.clone()), (own.clone(), Some("Bearer sk-env".to_owned())));
    let proxied = [ENVIRONMENT, &[("OPENAI_BASE_URL", "https://proxy.example.org/v1")]].concat();
    let proxied = named("openai").from_vars(vars(&proxied)).expect("is read");
    assert_eq!(
        sends(proxied),
        ("https://proxy.example.org/v1/chat/completions".to_owned(), Some("Bearer sk-env".to_owned()))
    );
    let both = named("openai").with_key(secret("sk-mine")).from_vars(vars(ENVIRONMENT)).expect("is read");
    assert_eq!(sends(both), (own, Some("Bearer sk-mine".to_owned())));
}

/// tooling:2.3 weak
#[test]
fn a_key_of_the_environment_goes_to_no_address_that_the_program_names() {
    let elsewhere = "https://elsewhere.example.org/v1";
    let before =
        named("openai").with_base_url(elsewhere).expect("is one").from_vars(vars(ENVIRONMENT)).expect("is read");
    let behind =
        named("openai").from_vars(vars(ENVIRONMENT)).expect("is read").with_base_url(elsewhere).expect("is one");
    for provider in [before, behind] {
        let error = provider.model("m").expect_err("is refused");
        assert_eq!(error.kind(), &LlmErrorKind::Auth);
        assert!(error.message().contains("give the key with it") && !error.message().contains("sk-env"), "{error}");
        assert_eq!(sends(provider.with_key(secret("sk-mine"))).1.as_deref(), Some("Bearer sk-mine"));
    }
}

#[test]
fn every_provider_takes_its_key_from_the_program_and_from_each_of_its_variables() {
    let shown = |provider: Provider| {
        let desk = Desk::default();
        ask(&provider.with_transport(desk.clone()).model("m").expect("is a model"));
        desk.last().1.into_values().filter(|value| value.ends_with("a-key")).count()
    };
    for row in rows::ALL {
        let asked = matches!(row.base, Base::Asked(_));
        let base = row.base_vars.first().filter(|_| asked).map(|name| (*name, "https://example.org"));
        let all =
            |key: Option<&'static str>| key.map(|name| (name, "a-key")).into_iter().chain(base).collect::<Vec<_>>();
        let given = named(row.name).with_key(secret("a-key")).from_vars(vars(&all(None))).expect("is read");
        assert_eq!(shown(given), 1, "{}", row.name);
        for name in row.key_vars {
            let held = named(row.name).from_vars(vars(&all(Some(name)))).expect("is read");
            assert_eq!(shown(held), 1, "{}: {name}", row.name);
        }
        assert!(!row.key_vars.is_empty(), "{}", row.name);
    }
}

#[test]
fn a_service_without_a_key_is_not_asked() {
    let error = named("nim").model("m").expect_err("has no key");
    assert_eq!(
        error.to_string(),
        "nim/m: the key was not accepted: no key: it is set by `NIM_API_KEY` and `NVIDIA_API_KEY` or given"
    );
    let empty = named("openai").from_vars(vars(&[("OPENAI_API_KEY", "  ")])).expect("is read");
    assert_eq!(empty.model("m").expect_err("is empty").kind(), &LlmErrorKind::Auth);
    let second = named("nvidia").from_vars(vars(&[("NVIDIA_API_KEY", "nv")])).expect("is read");
    assert_eq!(sends(second).1.as_deref(), Some("Bearer nv"));
    assert_eq!(sends(named("vllm")).1, None);
}

#[test]
fn headers_of_a_provider_come_from_its_row_the_environment_and_the_program() {
    let headers = |provider: Provider| {
        let desk = Desk::default();
        ask(&provider.with_key(secret("k")).with_transport(desk.clone()).model("m").expect("is a model"));
        desk.last().1
    };
    let plain = headers(named("openrouter"));
    assert_eq!((plain.get("x-title").map(String::as_str), plain.get("http-referer")), (Some("penguiflow"), None));
    let set = [("OPENROUTER_APP_TITLE", "Krill"), ("OPENROUTER_APP_URL", "https://krill.example.org")];
    let set = headers(named("openrouter").from_vars(vars(&set)).expect("is read"));
    assert_eq!((set["x-title"].as_str(), set["http-referer"].as_str()), ("Krill", "https://krill.example.org"));
    let given =
        named("openrouter").with_header("X-Title", "Mine").from_vars(vars(&[("OPENROUTER_APP_TITLE", "Krill")]));
    let given = headers(given.expect("is read"));
    assert_eq!((given.get("X-Title").map(String::as_str), given.get("x-title")), (Some("Mine"), None));
    assert_eq!(headers(named("azure").with_base_url("https://a.openai.azure.com").expect("is one"))["api-key"], "k");
    assert_eq!(headers(named("openai").from_vars(vars(ENVIRONMENT)).expect("is read"))["openai-organization"], "org");
}

#[test]
fn a_key_is_shown_nowhere() {
    let provider = named("openai").with_key(secret("sk-hunter2-hunter2"));
    let model = provider.model("m").expect("is a model");
    let shown = format!("{provider:?} {model:?} {:?}", model.info());
    assert!(!shown.contains("hunter2"), "{shown}");
    let desk = Desk::giving(&[(401, r#"{"error": {"message": "the key hunter2-is-mine is wrong"}}"#)]);
    let model = named("openai")
        .with_key(secret("hunter2-is-mine"))
        .with_transport(desk.clone())
        .model("m")
        .expect("is a model");
    let error = ask(&model).expect("fails");
    assert_eq!((error.kind(), error.message()), (&LlmErrorKind::Auth, "the key [redacted] is wrong"));
    let sent = desk.sent().pop().expect("was sent");
    assert!(!format!("{sent:?}").contains("hunter2"), "{sent:?}");
    assert!(sent.headers.iter().all(|(name, text)| name != "authorization" || matches!(text, HeaderText::Secret(_))));
}

#[test]
fn an_account_is_one_key_at_one_address() {
    let account = |provider: Provider, key: &str| {
        provider.with_key(secret(key)).model("m").expect("is a model").info().account.clone()
    };
    let first = account(named("openai"), "sk-1");
    assert_eq!(first, account(named("openai"), "sk-1"));
    assert_ne!(first, account(named("openai"), "sk-2"));
    assert_ne!(first, account(named("openai").with_base_url("https://example.org").expect("is one"), "sk-1"));
    let (name, mark) = first.split_once('#').expect("has both");
    assert_eq!((name, mark.len()), ("openai", 12));
}
