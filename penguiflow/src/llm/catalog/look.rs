//! Finds what is known of a model. Pure: must not know where it is written.

use crate::graph::variants::distance;
use crate::llm::catalog::file::{Provider, Row};
use crate::llm::catalog::name::{Fit, candidates, fit, without};
use crate::llm::catalog::{Catalog, Known};
use crate::llm::profile::{Price, Profile};
use crate::money::Money;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

const NEAREST_MAX: usize = 3;

pub(super) fn up(catalog: &Catalog, provider: &str, model: &str) -> Known {
    let mut found = find(catalog, provider, model, true);
    if found.guessed {
        found.known.nearest = nearest(catalog, provider, model);
    }
    found.known.profile = Arc::new(found.profile);
    found.known
}

struct Found {
    profile: Profile,
    known: Known,
    /// Whether the name itself is in no row, nor a state of one that is.
    guessed: bool,
}

/// `others` says whether what other providers say may be taken over.
fn find(catalog: &Catalog, provider: &str, model: &str, others: bool) -> Found {
    let (name, empty) = (provider, Provider::default());
    let provider = catalog.providers.get(name).unwrap_or(&empty);
    let names = candidates(model, &provider.strip);
    let row = best(&provider.models, &names);
    let whole = catalog.profiles.get(name).and_then(|profiles| best(profiles, &names));
    if let Some((key, how, profile)) = whole
        && row.is_none_or(|(other, fit, _)| (how == Fit::Exact, key.len()) >= (fit == Fit::Exact, other.len()))
    {
        return said(name, key, how, profile);
    }
    let mut found = under(catalog, provider, model, others);
    found.profile = provider.defaults.onto(found.profile);
    if let Some((key, how, row)) = row {
        lay(&mut found, &format!("{name}/{key}"), how, row);
    }
    if provider.defaults.price.is_some() && found.known.price_row.is_none() {
        found.known.source = found.known.source.or(provider.defaults.source.clone());
        found.known.date = found.known.date.or(provider.defaults.date());
    }
    let ends = |words: &[String]| words.iter().any(|word| model.ends_with(word.as_str()));
    if ends(&provider.free) {
        found.profile.price = Some(Price::per_million(Money::ZERO, Money::ZERO));
        found.known.price_row = None;
    } else if ends(&provider.paid) {
        found.profile.price = None;
        found.known.price_row = None;
    }
    found
}

/// What stands below the provider's own rows.
fn under(catalog: &Catalog, provider: &Provider, model: &str, others: bool) -> Found {
    let none = Found { profile: Profile::default(), known: unknown(), guessed: true };
    if !others {
        return none;
    }
    if let Some(like) = &provider.like {
        return find(catalog, like, model, false);
    }
    let maker = provider.vendors.iter().filter_map(|(begins, maker)| Some((without(begins, model)?, begins, maker)));
    let Some((rest, _, maker)) = maker.max_by_key(|(_, begins, _)| begins.len()) else { return none };
    let Some((vendor, begin)) = maker.split_once('/') else { return none };
    let made = find(catalog, vendor, &format!("{begin}{rest}"), false);
    if made.known.row.is_none() { none } else { Found { profile: lent(made.profile), ..made } }
}

/// What a model can do wherever it runs: what it reads, what it refuses, how much, and at which price. Not how its maker's own API has
/// it write values or think.
fn lent(made: Profile) -> Profile {
    Profile {
        tools: made.tools,
        forced_tool: made.forced_tool,
        images: made.images,
        audio: made.audio,
        temperature: made.temperature,
        context_tokens: made.context_tokens,
        output_tokens: made.output_tokens,
        image_tokens: made.image_tokens,
        price: made.price,
        ..Profile::default()
    }
}

fn lay(found: &mut Found, key: &str, how: Fit, row: &Row) {
    let known = &mut found.known;
    // The maker's price is the right one only where nothing else is known.
    let price = if how == Fit::Family { None } else { row.price.clone() };
    let inherited = found.profile.price.take();
    found.profile = row.onto(std::mem::take(&mut found.profile));
    found.profile.price = price.or(inherited);
    known.row = Some(key.to_owned());
    found.guessed &= how == Fit::Family;
    if row.price.is_some() && how != Fit::Family {
        known.price_row = Some(key.to_owned());
    }
    if known.price_row.as_deref().is_none_or(|priced| priced == key) {
        (known.source, known.date) = (row.source.clone(), row.date());
    }
}

fn said(provider: &str, key: &str, how: Fit, profile: &Profile) -> Found {
    let row = format!("{provider}/{key}");
    let price = profile.price.clone().filter(|_| how != Fit::Family);
    let price_row = price.as_ref().map(|_| row.clone());
    let known = Known { row: Some(row), price_row, ..unknown() };
    Found { profile: Profile { price, ..profile.clone() }, known, guessed: how == Fit::Family }
}

fn unknown() -> Known {
    Known { profile: Arc::default(), row: None, price_row: None, source: None, date: None, nearest: Vec::new() }
}

/// The row of one of the names: its own, or else the longest that fits.
fn best<'a, V>(rows: &'a BTreeMap<String, V>, names: &[&str]) -> Option<(&'a str, Fit, &'a V)> {
    let fits = rows.iter().filter_map(|(key, row)| {
        let how = names.iter().filter_map(|name| fit(key, name)).max()?;
        Some((key.as_str(), how, row))
    });
    fits.max_by_key(|(key, how, _)| (*how == Fit::Exact, key.len(), *how))
}

fn nearest(catalog: &Catalog, provider: &str, model: &str) -> Vec<String> {
    let known = catalog.providers.get(provider);
    let like = known.and_then(|known| known.like.as_deref()).unwrap_or(provider);
    let mut near: Vec<(usize, Reverse<usize>, &str)> = if known.is_none() && catalog.profiles.get(provider).is_none() {
        among(catalog.providers(), provider)
    } else {
        among(catalog.models(provider).chain(catalog.models(like)), model)
    };
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(NEAREST_MAX).map(|(_, _, name)| name.to_owned()).collect()
}

/// Those that are near, with how far they are and how much they have in common at their beginning.
fn among<'a>(names: impl Iterator<Item = &'a str>, wanted: &str) -> Vec<(usize, Reverse<usize>, &'a str)> {
    let common = |name: &str| name.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
    let far = names.map(|name| (distance(name, wanted), Reverse(common(name)), name));
    far.filter(|(far, ..)| *far <= wanted.len() / 4 + 1).collect()
}
