//! The table of argument keys: their words, what they take, and where they may stand.

use super::near::nearest;
use proc_macro2::Ident;
use syn::ext::IdentExt;

/// Where arguments are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place {
    Node,
    Router,
    Controller,
    /// `search(timeout = "5s") as quick` in a flow.
    Instance,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Key {
    Retries,
    Backoff,
    Jitter,
    RetryIf,
    Fallible,
    Timeout,
    Concurrency,
    Rate,
    Tokens,
    Usd,
    Validate,
    Effect,
    OnCancel,
    Blocking,
    Boxed,
    Name,
    Crate,
    Turns,
}

struct Row {
    key: Key,
    word: &'static str,
    /// An argument to copy.
    form: &'static str,
    takes: &'static str,
    home: Home,
}

#[derive(Clone, Copy)]
enum Home {
    Anywhere,
    Function,
    Controller,
}

const ROWS: [Row; 18] = {
    use Home::{Anywhere, Controller, Function};
    const fn row(key: Key, word: &'static str, form: &'static str, takes: &'static str, home: Home) -> Row {
        Row { key, word, form, takes, home }
    }
    [
        row(Key::Retries, "retries", "retries = 3", "a number from 0 to 1000", Anywhere),
        row(Key::Backoff, "backoff", "backoff = (\"100ms\", 2.0, \"5s\")", "a base, a factor and a cap", Anywhere),
        row(Key::Jitter, "jitter", "jitter = none", "`full` or `none`", Anywhere),
        row(Key::RetryIf, "retry_if", "retry_if = is_transient", "the path of a function", Function),
        row(Key::Timeout, "timeout", "timeout = \"2s\"", "a duration", Anywhere),
        row(Key::Concurrency, "concurrency", "concurrency = 16", "a number from 1 to 1000000", Anywhere),
        row(Key::Rate, "rate", "rate = \"100/s\"", "a count per time", Anywhere),
        row(Key::Tokens, "tokens", "tokens = 4000", "a number from 1 to 4294967295", Anywhere),
        row(Key::Usd, "usd", "usd = 0.02", "an amount of dollars", Anywhere),
        row(Key::Validate, "validate", "validate = both", "`in`, `out` or `both`", Function),
        row(Key::Effect, "effect", "effect = idempotent", "`pure`, `idempotent`, `keyed` or `irreversible`", Anywhere),
        row(Key::OnCancel, "on_cancel", "on_cancel = finish(\"5s\")", "`drop` or `finish(\"5s\")`", Anywhere),
        row(Key::Fallible, "fallible", "fallible", "", Function),
        row(Key::Blocking, "blocking", "blocking", "", Function),
        row(Key::Boxed, "boxed", "boxed", "", Function),
        row(Key::Name, "name", "name = \"search\"", "a name in quotes", Function),
        row(Key::Crate, "crate", "crate = my_penguiflow", "the path of the crate", Function),
        row(Key::Turns, "turns", "turns = 8", "a number from 1 to 1000000", Controller),
    ]
};

/// Words of other libraries, and near-misses that share too few letters to be found by distance.
const SYNONYMS: [(&str, Key); 30] = [
    ("retry", Key::Retries),
    ("max_retries", Key::Retries),
    ("attempts", Key::Retries),
    ("max_attempts", Key::Retries),
    ("retry_when", Key::RetryIf),
    ("when", Key::RetryIf),
    ("backoff_base", Key::Backoff),
    ("backoff_mult", Key::Backoff),
    ("max_backoff", Key::Backoff),
    ("delay", Key::Backoff),
    ("timeout_s", Key::Timeout),
    ("timeout_ms", Key::Timeout),
    ("deadline", Key::Timeout),
    ("max_concurrency", Key::Concurrency),
    ("parallelism", Key::Concurrency),
    ("workers", Key::Concurrency),
    ("rate_limit", Key::Rate),
    ("rps", Key::Rate),
    ("max_tokens", Key::Tokens),
    ("cost", Key::Usd),
    ("price", Key::Usd),
    ("dollars", Key::Usd),
    ("side_effects", Key::Effect),
    ("cancel", Key::OnCancel),
    ("can_fail", Key::Fallible),
    ("krate", Key::Crate),
    ("hops", Key::Turns),
    ("max_hops", Key::Turns),
    ("max_turns", Key::Turns),
    ("iterations", Key::Turns),
];

impl Key {
    /// The key that `word` names, if it may stand at `place`; else a mistake that offers the nearest one.
    pub(crate) fn find(word: &Ident, place: Place) -> syn::Result<Key> {
        let text = word.unraw().to_string();
        let exact = ROWS.iter().find(|row| row.word == text);
        let meant = exact.or_else(|| meant_by(&text));
        let mistake = match (exact, meant) {
            (Some(row), _) if row.stands_at(place) => return Ok(row.key),
            (_, Some(row)) if row.stands_at(place) => format!("`{text}` is no argument here: write `{}`", row.form),
            (_, Some(row)) => row.misplaced(&text),
            (_, None) => format!("`{text}` is no argument here: there are {}", words_at(place)),
        };
        Err(syn::Error::new(word.span(), mistake))
    }

    /// The sentence for a value that the key cannot take.
    pub(crate) fn takes(self) -> String {
        match ROWS.iter().find(|row| row.key == self) {
            Some(row) if row.takes.is_empty() => format!("`{}` takes no value: write `{}`", row.word, row.form),
            Some(row) => format!("`{}` takes {}: write `{}`", row.word, row.takes, row.form),
            None => String::new(),
        }
    }
}

impl Row {
    fn stands_at(&self, place: Place) -> bool {
        match self.home {
            Home::Anywhere => true,
            Home::Function => place != Place::Instance,
            Home::Controller => place == Place::Controller,
        }
    }

    fn misplaced(&self, text: &str) -> String {
        match self.home {
            Home::Controller => format!("`{text}` is for loops: write `#[controller({})]`", self.form),
            Home::Anywhere | Home::Function => {
                format!("`{text}` belongs on the function: write `#[node({})]` there", self.form)
            }
        }
    }
}

fn meant_by(text: &str) -> Option<&'static Row> {
    let synonym = SYNONYMS.iter().find(|(word, _)| *word == text).map(|(_, key)| *key);
    let near = || nearest(text, ROWS.iter().map(|row| row.word));
    match synonym {
        Some(key) => ROWS.iter().find(|row| row.key == key),
        None => near().and_then(|word| ROWS.iter().find(|row| row.word == word)),
    }
}

fn words_at(place: Place) -> String {
    let words: Vec<String> =
        ROWS.iter().filter(|row| row.stands_at(place)).map(|row| format!("`{}`", row.word)).collect();
    words.join(", ")
}
