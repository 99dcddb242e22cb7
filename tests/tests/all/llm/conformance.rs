//! Every provider keeps its fixtures: what is sent, what is heard, and how it ends, wherever the network cuts. Knows no format.
//!
//! A fixture is a file `tests/fixtures/llm/PROVIDER/CLASS.toml`; `conformance/fixture.rs` has its fields. A provider whose format is
//! another one's has a `provider.toml` with the differences, and runs all the fixtures of that one as well as its own.

use fixture::Fixture;
use penguiflow::llm::{Finish, Provider};
use std::collections::{BTreeMap, BTreeSet};

mod canned;
mod check;
mod event_stream;
mod fixture;
mod garbage;

/// What each provider has to show.
const CLASSES: &[&str] = &[
    "plain",
    "streamed",
    "parallel_tools",
    "tool_result",
    "structured",
    "usage",
    "auth",
    "rate_limited",
    "overloaded",
    "context_length",
    "invalid_request",
    "refused",
    "cut",
];

/// What it has to show, or to say that it has not: as `without` in its `provider.toml`.
const CLASSES_OF_SOME: &[&str] = &["reasoning", "image"];

#[test]
fn every_provider_keeps_its_fixtures_wherever_the_network_cuts() {
    let faults: Vec<String> = Fixture::all().iter().flat_map(check::faults).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

type Spoil = fn(&mut Fixture);

#[test]
fn what_a_fixture_says_otherwise_is_a_fault() {
    let all = Fixture::all();
    let find =
        |class: &str| all.iter().find(|one| one.provider == "openai" && one.class == class).expect("is there").clone();
    let spoilt: &[(&str, Spoil)] = &[
        ("streamed", |fixture| fixture.sends.url.push('x')),
        ("streamed", |fixture| fixture.sends.body = "{}".to_owned()),
        ("streamed", |fixture| fixture.sends.headers.clear()),
        ("streamed", |fixture| {
            fixture.answer.as_mut().expect("has one").message = "{\"role\":\"assistant\",\"parts\":[]}".to_owned()
        }),
        ("streamed", |fixture| fixture.answer.as_mut().expect("has one").finish = Finish::Length),
        ("streamed", |fixture| fixture.answer.as_mut().expect("has one").usage = None),
        ("streamed", |fixture| fixture.reply.status = 500),
        ("cut", |fixture| fixture.error.as_mut().expect("has one").kind = "overloaded".to_owned()),
        ("cut", |fixture| fixture.reply.body.push_str("data: [DONE]\n\n")),
        ("rate_limited", |fixture| fixture.error.as_mut().expect("has one").retry_after_s = None),
        ("context_length", |fixture| fixture.error.as_mut().expect("has one").limit = Some(1)),
        ("invalid_request", |fixture| fixture.error.as_mut().expect("has one").field = None),
        ("auth", |fixture| fixture.error.as_mut().expect("has one").message = Some("other".to_owned())),
        ("auth", |fixture| fixture.error.as_mut().expect("has one").status = Some(403)),
    ];
    for (number, (class, spoil)) in spoilt.iter().enumerate() {
        let mut fixture = find(class);
        assert_eq!(check::faults(&fixture), Vec::<String>::new());
        spoil(&mut fixture);
        assert_ne!(check::faults(&fixture), Vec::<String>::new(), "number {number}, of {class}");
    }
}

#[test]
fn every_provider_shows_every_class() {
    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for fixture in Fixture::all() {
        shown.entry(fixture.provider.clone()).or_default().insert(fixture.class.clone());
    }
    let mut missing = Vec::new();
    for name in Provider::names() {
        let shown = shown.remove(name).unwrap_or_default();
        let without = fixture::without(name);
        let all = CLASSES.iter().chain(CLASSES_OF_SOME.iter().filter(|class| !without.contains(**class)));
        missing.extend(all.filter(|class| !shown.contains(**class)).map(|class| format!("{name}/{class}")));
    }
    assert_eq!(missing, Vec::<String>::new());
    let others: Vec<&String> = shown.keys().filter(|name| *name != "compatible").collect();
    assert_eq!(others, Vec::<&String>::new(), "folders of fixtures that belong to no provider");
}

#[test]
fn every_fixture_says_where_it_comes_from() {
    for fixture in Fixture::all() {
        assert!(fixture.source.starts_with("https://"), "{}: {}", fixture.name(), fixture.source);
        let date: Vec<u32> = fixture.date.split('-').filter_map(|part| part.parse().ok()).collect();
        assert!(matches!(date[..], [2020..=2099, 1..=12, 1..=31]), "{}: {}", fixture.name(), fixture.date);
    }
}
