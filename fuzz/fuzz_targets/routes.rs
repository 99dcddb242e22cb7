//! Routes as JSON: what is read says what the text says, and a flow that asks it does so.
#![no_main]

use libfuzzer_sys::fuzz_target;
use penguiflow::prelude::*;
use penguiflow::{MapPolicy, Reroute, RouteKey, Routes, RoutesError, StartError};
use penguiflow_fuzz::text;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// What routes are written with.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "{", "}", "[", "]", ":", ",", "\"", "{\"key\":\"tenant\",\"routes\":{", "\"key\":", "\"routes\":", "\"default\":",
    "\"tenant\"", "\"topic\"", "\"trace\"", "\"keep\"", "\"drop\"", "\"Left\"", "\"Right\"", "\"left\"", "\"acme\"",
    "\"acme\":", "\"evil\":", "\"\"", "\"\":", "null", "true", "0", "-1.5e3", "\\u0061", "\\ud83d", "\\\"", "\\", " ",
    "\n", "\r\n", "\u{feff}", "é", "🐧", "\"00000000-0000-0000-0000-000000000007\":",
];

#[message]
enum Side {
    Left,
    Right,
}
#[router]
fn side(text: String) -> Side {
    if text.len() % 2 == 0 { Side::Left } else { Side::Right }
}
#[node]
fn left(text: String) -> String {
    format!("left: {text}")
}
#[node]
fn right(text: String) -> String {
    format!("right: {text}")
}
flow! { sided(String) -> String { side with MapPolicy { Left -> left, Right -> right } } }

fuzz_target!(|bytes: &[u8]| {
    let text = text::of(bytes, WORDS);
    match Routes::from_json_str(&text) {
        Ok(routes) => {
            let Some(said) = Said::of(&text) else { panic!("read, and should not be: {text:?}") };
            assert_eq!(routes, said.routes(), "{text:?}");
            check_answers(&routes, &said);
            check_flow(&routes, &said);
        }
        Err(RoutesError::Malformed { words, line, column }) => {
            assert!(Said::of(&text).is_none(), "not read, and should be: {text:?}: {words}");
            let lines: Vec<&str> = text.split('\n').collect();
            let length = line.checked_sub(1).and_then(|at| lines.get(at)).map(|line| line.len());
            assert!(
                !words.is_empty() && length.is_some_and(|length| column <= length),
                "{text:?}: {words} {line}:{column}"
            );
        }
        Err(other) => panic!("{text:?}: {other}"),
    }
});

/// What a text says, read with less care for words and more for what stands there.
struct Said {
    key: RouteKey,
    routes: Vec<(String, String)>,
    default: String,
}

impl Said {
    fn of(text: &str) -> Option<Self> {
        let Pairs(fields) = serde_json::from_str::<Pairs<Field>>(text).ok()?;
        let one = |name: &str| {
            let mut found = fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value);
            (found.next(), found.next().is_none())
        };
        let ((Some(Field::Text(key)), true), (Some(Field::Routes(routes)), true)) = (one("key"), one("routes")) else {
            return None;
        };
        let key = match key.as_str() {
            "tenant" => RouteKey::Tenant,
            "topic" => RouteKey::Topic,
            "trace" => RouteKey::Trace,
            _ => return None,
        };
        let default = match one("default") {
            (None, _) => "keep".to_owned(),
            (Some(Field::Text(text)), true) => text.clone(),
            _ => return None,
        };
        let others = fields.iter().any(|(name, _)| !["key", "routes", "default"].contains(&name.as_str()));
        let twice = (1..routes.len()).any(|at| routes[..at].iter().any(|(name, _)| *name == routes[at].0));
        let empty = routes.iter().map(|(_, answer)| answer).chain([&default]).any(String::is_empty);
        (!others && !twice && !empty).then(|| Said { key, routes: routes.clone(), default })
    }

    fn routes(&self) -> Routes {
        let all = Routes::new(self.key).with_default(answer(&self.default));
        self.routes.iter().fold(all, |all, (value, said)| all.with_route(value.as_str(), answer(said)))
    }

    /// What is said about a message with that value.
    fn about(&self, value: Option<&str>) -> &str {
        let found = self.routes.iter().find(|(name, _)| Some(name.as_str()) == value);
        found.map_or(&self.default, |(_, said)| said)
    }
}

fn answer(said: &str) -> Reroute {
    match said {
        "keep" => Reroute::Keep,
        "drop" => Reroute::Drop,
        arm => Reroute::to(arm),
    }
}

fn check_answers(routes: &Routes, said: &Said) {
    let values =
        said.routes.iter().map(|(value, _)| Some(value.as_str())).chain([None, Some(""), Some("acme"), Some("else")]);
    values.for_each(|value| assert_eq!(routes.answer(value), answer(said.about(value)), "{value:?}"));
}

/// A flow starts if each arm that is named is there, and then does what the routes say.
fn check_flow(routes: &Routes, said: &Said) {
    let answers = said.routes.iter().map(|(_, answer)| answer.as_str()).chain([said.default.as_str()]);
    let fits = answers.clone().all(|answer| ["keep", "drop", "Left", "Right"].contains(&answer));
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_time().build() else { return };
    let _inside = runtime.enter();
    let flow = match sided::flow().with_routing(MapPolicy::new(routes.clone())).start() {
        Ok(flow) => flow,
        Err(StartError::NoSuchArm { .. }) if !fits => return,
        Err(other) => panic!("does not start: {other}"),
    };
    assert!(fits, "starts with an arm that is not there");
    let ids = penguiflow::id::TraceId::from_u128(7);
    for value in said.routes.iter().map(|(value, _)| value.as_str()).chain(["acme"]) {
        let message = Message::new("odd".to_owned()).with_tenant(value).with_topic(value).with_trace_id(ids);
        let id = ids.to_string();
        let looked_up = if said.key == RouteKey::Trace { id.as_str() } else { value };
        let expected = match said.about(Some(looked_up)) {
            "drop" => None,
            "Left" => Some("left: odd"),
            _ => Some("right: odd"),
        };
        match runtime.block_on(flow.call(message)) {
            Ok(answer) => assert_eq!(Some(answer.as_str()), expected, "{value:?}"),
            Err(Stop::Dropped { .. }) => assert_eq!(expected, None, "{value:?}"),
            Err(other) => panic!("{value:?}: {other}"),
        }
    }
}

/// A field of the routes.
enum Field {
    Text(String),
    Routes(Vec<(String, String)>),
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Field;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or an object of texts")
            }

            fn visit_str<E>(self, text: &str) -> Result<Field, E> {
                Ok(Field::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Field, A::Error> {
                let mut routes = Vec::new();
                while let Some(route) = map.next_entry()? {
                    routes.push(route);
                }
                Ok(Field::Routes(routes))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// The fields of an object, as often as they are there.
struct Pairs<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Read<T> {
            type Value = Pairs<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Read(PhantomData))
    }
}
