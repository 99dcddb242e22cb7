//! The routes of a map policy: what they say, and how they are read. Must not know who asks.

use crate::graph::near::nearest;
use crate::graph::routing::{NoSuchArm, Reroute};
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a [`MapPolicy`](crate::MapPolicy) knows: what becomes of the messages of a tenant, of a topic or of one trace,
/// and of all others.
///
/// Written as JSON:
///
/// ```json
/// { "key": "tenant", "routes": { "acme": "Support", "evil": "drop", "ours": "keep" }, "default": "keep" }
/// ```
///
/// | field | meaning |
/// |---|---|
/// | `key` | what is looked up: `tenant`, `topic`, or `trace` for the trace's id. Must be there |
/// | `routes` | for each value `keep`, `drop`, or the name of an arm. Must be there |
/// | `default` | the same for what is not there, and for a message without that header. Default `keep` |
///
/// Anything else in it is refused. *Limits*: [1 MiB](Routes::BYTES_MAX) of text, [10,000](Routes::ROUTES_MAX) routes. An arm that
/// is called `keep` or `drop` cannot be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routes {
    key: RouteKey,
    routes: BTreeMap<Arc<str>, Reroute>,
    default: Reroute,
}

/// What of a message [`Routes`] look up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RouteKey {
    /// Its tenant.
    Tenant,
    /// Its topic.
    Topic,
    /// The id of its trace.
    Trace,
}

/// Why routes could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RoutesError {
    /// The environment has no such variable.
    #[error("the environment variable `{variable}` is not set")]
    NotSet {
        /// The variable.
        variable: String,
    },
    /// The environment variable holds no text.
    #[error("the environment variable `{variable}` is no UTF-8 text")]
    NotText {
        /// The variable.
        variable: String,
    },
    /// The file could not be read.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The text is longer than [`Routes::BYTES_MAX`].
    #[error("the routes are longer than {} bytes", Routes::BYTES_MAX)]
    TooLong,
    /// The text does not say what routes say.
    #[error("{words} (line {line}, column {column})")]
    Malformed {
        /// What is wrong with it.
        words: String,
        /// The line, from 1.
        line: usize,
        /// The column: that of the last letter that was read, from 1.
        column: usize,
    },
}

impl Routes {
    /// The longest text that is read.
    pub const BYTES_MAX: usize = 1 << 20;
    /// The most routes that are read.
    pub const ROUTES_MAX: usize = 10_000;

    /// No routes: keeps everything.
    pub fn new(key: RouteKey) -> Self {
        Routes { key, routes: BTreeMap::new(), default: Reroute::Keep }
    }

    /// No routes yet, by tenant.
    pub fn by_tenant() -> Self {
        Routes::new(RouteKey::Tenant)
    }

    /// No routes yet, by topic.
    pub fn by_topic() -> Self {
        Routes::new(RouteKey::Topic)
    }

    /// No routes yet, by trace id.
    pub fn by_trace() -> Self {
        Routes::new(RouteKey::Trace)
    }

    /// Adds a route; one of the same value is replaced. `answer` is an arm's name or a [`Reroute`].
    #[must_use]
    pub fn with_route(mut self, value: impl Into<Arc<str>>, answer: impl Into<Reroute>) -> Self {
        self.routes.insert(value.into(), answer.into());
        self
    }

    /// What becomes of all others.
    #[must_use]
    pub fn with_default(mut self, answer: impl Into<Reroute>) -> Self {
        self.default = answer.into();
        self
    }

    /// Reads routes from a JSON text.
    ///
    /// # Errors
    /// [`RoutesError::Malformed`] says what is wrong, and where.
    pub fn from_json_str(text: &str) -> Result<Self, RoutesError> {
        if text.len() > Routes::BYTES_MAX {
            return Err(RoutesError::TooLong);
        }
        serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let words = error.to_string();
            let words = words.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&words).to_owned();
            RoutesError::Malformed { words, line, column }
        })
    }

    /// Reads routes from a JSON file. Blocks the thread while it reads.
    ///
    /// # Errors
    /// [`RoutesError`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, RoutesError> {
        let path = path.as_ref();
        let mut text = String::new();
        let read = std::fs::File::open(path)
            .and_then(|file| file.take(Routes::BYTES_MAX as u64 + 1).read_to_string(&mut text));
        read.map_err(|source| RoutesError::Unreadable { path: path.to_owned(), source })?;
        Routes::from_json_str(&text)
    }

    /// Reads routes from a JSON text in the environment.
    ///
    /// # Errors
    /// [`RoutesError`].
    pub fn from_env(variable: &str) -> Result<Self, RoutesError> {
        let text = std::env::var(variable).map_err(|error| match error {
            std::env::VarError::NotPresent => RoutesError::NotSet { variable: variable.to_owned() },
            std::env::VarError::NotUnicode(_) => RoutesError::NotText { variable: variable.to_owned() },
        })?;
        Routes::from_json_str(&text)
    }

    /// What is looked up.
    pub fn key(&self) -> RouteKey {
        self.key
    }

    /// What becomes of a message with that value.
    pub fn answer(&self, value: Option<&str>) -> Reroute {
        value.and_then(|value| self.routes.get(value)).unwrap_or(&self.default).clone()
    }

    /// Whether each arm that is named is one of the router's.
    pub(super) fn check(&self, router: &'static str, arms: &[&'static str]) -> Result<(), NoSuchArm> {
        let answers = self.routes.values().chain([&self.default]);
        answers.filter_map(Reroute::arm).try_for_each(|arm| NoSuchArm::find(arm, router, arms).map(|_| ()))
    }
}

// === reading ===

const FIELDS: [&str; 3] = ["key", "routes", "default"];

impl<'de> Deserialize<'de> for Routes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ReadRoutes)
    }
}

struct ReadRoutes;

impl<'de> Visitor<'de> for ReadRoutes {
    type Value = Routes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"an object with `key` and `routes`"#)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Routes, A::Error> {
        let (mut key, mut routes, mut default) = (None, None, None);
        while let Some(field) = map.next_key::<String>()? {
            let twice = match field.as_str() {
                "key" => key.replace(map.next_value::<RouteKey>()?).is_some(),
                "routes" => routes.replace(map.next_value::<Table>()?.0).is_some(),
                "default" => default.replace(map.next_value::<Written>()?.0).is_some(),
                other => return Err(A::Error::custom(unknown("field", other, &FIELDS))),
            };
            if twice {
                return Err(A::Error::custom(format!("`{field}` is given twice")));
            }
        }
        Ok(Routes {
            key: key.ok_or_else(|| A::Error::custom("`key` is missing: write `\"key\": \"tenant\"`"))?,
            routes: routes.ok_or_else(|| A::Error::custom("`routes` is missing: write `\"routes\": { … }`"))?,
            default: default.unwrap_or(Reroute::Keep),
        })
    }
}

impl<'de> Deserialize<'de> for RouteKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "tenant" => Ok(RouteKey::Tenant),
            "topic" => Ok(RouteKey::Topic),
            "trace" => Ok(RouteKey::Trace),
            other => Err(D::Error::custom(unknown("key", other, &["tenant", "topic", "trace"]))),
        }
    }
}

/// `keep`, `drop` or the name of an arm.
struct Written(Reroute);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        Ok(Written(match written.as_str() {
            "" => return Err(D::Error::custom("a route is `keep`, `drop` or the name of an arm")),
            "keep" => Reroute::Keep,
            "drop" => Reroute::Drop,
            arm => Reroute::to(arm),
        }))
    }
}

struct Table(BTreeMap<Arc<str>, Reroute>);

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ReadTable)
    }
}

struct ReadTable;

impl<'de> Visitor<'de> for ReadTable {
    type Value = Table;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of routes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Table, A::Error> {
        let mut routes = BTreeMap::new();
        while let Some(value) = map.next_key::<String>()? {
            if routes.len() == Routes::ROUTES_MAX {
                map.next_value::<IgnoredAny>()?;
                return Err(A::Error::custom(format!("more than {} routes", Routes::ROUTES_MAX)));
            }
            let Written(answer) = map.next_value()?;
            let value: Arc<str> = value.into();
            if routes.insert(value.clone(), answer).is_some() {
                return Err(A::Error::custom(format!("`{value}` has a route already")));
            }
        }
        Ok(Table(routes))
    }
}

fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    match nearest(known.iter().copied(), word) {
        Some(nearest) => format!("there is no {what} `{word}`: did you mean `{nearest}`?"),
        None => format!("there is no {what} `{word}`: write one of `{}`", known.join("`, `")),
    }
}
