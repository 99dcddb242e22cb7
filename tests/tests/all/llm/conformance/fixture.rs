//! Reads fixtures from their files. Must not know what is done with them.

use super::event_stream::{self, Message};
use penguiflow::llm::{ChatMessage, ChatRequest, Finish, Profile, Usage};
use penguiflow_tests::metadata;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

/// One exchange with a provider, as its documentation has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fixture {
    /// The folder.
    #[serde(skip)]
    pub(super) provider: String,
    /// Whose fixture it is, where it is inherited.
    #[serde(skip)]
    pub(super) inherited: Option<String>,
    /// Where the provider is, if it is not where it always is.
    #[serde(skip)]
    pub(super) base_url: Option<String>,
    /// The page of the provider's documentation.
    pub(super) source: String,
    /// When it was read.
    pub(super) date: String,
    pub(super) model: String,
    pub(super) class: String,
    /// `streamed` or `whole`.
    pub(super) delivery: String,
    /// What the model can do, as JSON, where it is not what is taken for granted.
    pub(super) profile: Option<String>,
    /// A `ChatRequest` as JSON.
    pub(super) request: String,
    pub(super) sends: Sends,
    pub(super) reply: Reply,
    pub(super) answer: Option<Answer>,
    pub(super) error: Option<Failure>,
}

/// What is sent. The key is `test-key`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sends {
    pub(super) url: String,
    /// All of them, but for those of every request.
    pub(super) headers: BTreeMap<String, String>,
    /// JSON.
    pub(super) body: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reply {
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    /// As it comes over the wire.
    #[serde(default)]
    pub(super) body: String,
    /// The same in hexadecimal, where it is no text. White space does not count.
    #[serde(default)]
    pub(super) body_hex: String,
    /// The same as binary messages, which are put together here.
    #[serde(default)]
    pub(super) events: Vec<Message>,
    /// Whether nothing in the body is its end.
    #[serde(default)]
    pub(super) ends_with_body: bool,
}

/// What comes of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    /// A `ChatMessage` as JSON.
    pub(super) message: String,
    pub(super) finish: Finish,
    pub(super) usage: Option<Usage>,
}

/// What comes of it, if that is an error. What is not named is not looked at, but for `kind`, `status` and the wait.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Failure {
    pub(super) kind: String,
    pub(super) status: Option<u16>,
    pub(super) retry_after_s: Option<f64>,
    pub(super) field: Option<String>,
    pub(super) limit: Option<u64>,
    pub(super) asked: Option<u64>,
    pub(super) message: Option<String>,
    pub(super) request_id: Option<String>,
}

/// How the fixtures of a provider differ from another one's.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Differences {
    source: String,
    date: String,
    /// Whose fixtures it runs as well. One of its own of the same name takes the place.
    inherits: Option<String>,
    base_url: Option<String>,
    model: Option<String>,
    url: Option<String>,
    headers: Option<BTreeMap<String, String>>,
    /// Fields of the body that it calls otherwise.
    rename: BTreeMap<String, String>,
    /// Fields of the body that it does not have.
    remove: Vec<String>,
    /// Classes that it does not have.
    without: BTreeSet<String>,
}

impl Fixture {
    /// All fixtures of all providers.
    pub(super) fn all() -> Vec<Fixture> {
        let names = fs::read_dir(root()).expect("there are fixtures").map(|entry| entry.expect("is read").file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().expect("is UTF-8")).collect();
        names.sort();
        names.iter().flat_map(|name| of(name)).collect()
    }

    pub(super) fn name(&self) -> String {
        format!("{}/{} ({})", self.provider, self.class, self.delivery)
    }

    pub(super) fn request(&self) -> ChatRequest {
        serde_json::from_str(&self.request).unwrap_or_else(|error| panic!("{}: request: {error}", self.name()))
    }

    pub(super) fn profile(&self) -> Option<Profile> {
        let profile = self.profile.as_ref()?;
        Some(serde_json::from_str(profile).unwrap_or_else(|error| panic!("{}: profile: {error}", self.name())))
    }

    pub(super) fn sent(&self) -> Value {
        serde_json::from_str(&self.sends.body).unwrap_or_else(|error| panic!("{}: body: {error}", self.name()))
    }

    pub(super) fn streamed(&self) -> bool {
        match self.delivery.as_str() {
            "streamed" => true,
            "whole" => false,
            other => panic!("{}: no delivery is called {other}", self.name()),
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        if !self.reply.events.is_empty() {
            return event_stream::body(&self.reply.events);
        }
        if self.reply.body_hex.is_empty() {
            return self.reply.body.clone().into_bytes();
        }
        let digits: Vec<u8> = self.reply.body_hex.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let byte =
            |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("is ASCII"), 16).expect("is hexadecimal");
        digits.chunks(2).map(byte).collect()
    }
}

impl Answer {
    pub(super) fn message(&self) -> ChatMessage {
        serde_json::from_str(&self.message).unwrap_or_else(|error| panic!("{error}: {}", self.message))
    }
}

/// The classes that a provider says it does not have.
pub(super) fn without(provider: &str) -> BTreeSet<String> {
    differences(provider).without
}

fn root() -> PathBuf {
    metadata::root().join("tests/fixtures/llm")
}

fn of(provider: &str) -> Vec<Fixture> {
    let differences = differences(provider);
    let mut all = own(provider);
    for fixture in all.values_mut() {
        fixture.base_url = differences.base_url.clone();
    }
    if let Some(from) = &differences.inherits {
        for (file, fixture) in own(from) {
            if !differences.without.contains(&fixture.class) {
                all.entry(file).or_insert_with(|| differ(fixture, provider, &differences));
            }
        }
    }
    all.into_values().collect()
}

fn own(provider: &str) -> BTreeMap<String, Fixture> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(root().join(provider)).expect("there is a folder") {
        let path = entry.expect("is read").path();
        let file = path.file_stem().and_then(|stem| stem.to_str()).expect("has a name").to_owned();
        if file == "provider" {
            continue;
        }
        let text = fs::read_to_string(&path).expect("is read");
        let mut fixture: Fixture = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        provider.clone_into(&mut fixture.provider);
        all.insert(file, fixture);
    }
    all
}

fn differences(provider: &str) -> Differences {
    match fs::read_to_string(root().join(provider).join("provider.toml")) {
        Ok(text) => toml::from_str(&text).unwrap_or_else(|error| panic!("{provider}/provider.toml: {error}")),
        Err(_) => Differences::default(),
    }
}

fn differ(fixture: Fixture, provider: &str, differences: &Differences) -> Fixture {
    let mut sent = fixture.sent();
    let body = sent.as_object_mut().expect("is an object");
    let model = differences.model.clone().unwrap_or_else(|| fixture.model.clone());
    if let Some(of_body) = body.get_mut("model") {
        *of_body = Value::String(model.clone());
    }
    for (from, to) in &differences.rename {
        if let Some(value) = body.remove(from) {
            body.insert(to.clone(), value);
        }
    }
    for field in &differences.remove {
        body.remove(field);
    }
    let sends = Sends {
        url: differences.url.clone().unwrap_or(fixture.sends.url),
        headers: differences.headers.clone().unwrap_or(fixture.sends.headers),
        body: sent.to_string(),
    };
    Fixture {
        inherited: Some(fixture.provider),
        provider: provider.to_owned(),
        base_url: differences.base_url.clone(),
        source: differences.source.clone(),
        date: differences.date.clone(),
        model,
        sends,
        ..fixture
    }
}
