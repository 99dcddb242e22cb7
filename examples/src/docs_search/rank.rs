//! Ranks sections for a question, by their text and by their headings. Reads no file, knows no wording of answers.

use super::files::Trouble;
use super::index::{Index, Postings};
use super::words::terms;
use penguiflow::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// How soon the same word again stops counting (k1), and how far long sections are marked down (b): in the ranges that
/// Robertson and Zaragoza find good, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.6.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// An answer is sure from this part of the question's weight in one section.
const SURE_FROM: f64 = 0.6;
/// More than anybody reads.
const HITS_MAX: usize = 4;

/// What a question names, each word with its part of the question's weight, 1 in all.
#[message]
pub(super) struct Query(pub(super) Vec<(f64, String)>);

/// Sections by their number, with their scores.
type Scores = BTreeMap<usize, f64>;

/// The best sections, best first, and which part of the question the first one has.
#[message]
pub(super) struct Found {
    pub(super) query: Query,
    pub(super) sections: Vec<usize>,
    part: f64,
}

#[message]
pub(super) enum Confidence {
    Sure,
    Unsure,
    Nothing,
}

#[node]
pub(super) fn clean(question: String, State(index): State<'_, Index>) -> Result<Query, Trouble> {
    let terms = terms(&question);
    let total: f64 = terms.iter().map(|word| index.rarity(word)).sum();
    let query: Vec<_> = terms.into_iter().map(|word| (index.rarity(&word) / total, word)).collect();
    if query.is_empty() { Err(Trouble::NoQuestion) } else { Ok(Query(query)) }
}

/// Ranks by Okapi BM25 over the text, without its constant factor: all words often is nearly 1.
#[node]
pub(super) fn by_text(query: Query, State(index): State<'_, Index>) -> (Query, Scores) {
    let length = |section| 1.0 - B + B * index.relative_length(section);
    let scores = scores(&query, &index.in_text, |section, count| count / (count + K1 * length(section)));
    (query, scores)
}

/// Ranks by the part of the question that the headings repeat: all words in the own heading is 1.
#[node]
pub(super) fn by_headings(query: Query, State(index): State<'_, Index>) -> Scores {
    scores(&query, &index.in_headings, |_, prominence| prominence)
}

/// Makes one ranking of two: adds the scores, and multiplies them with the part of the question that the section has, so
/// that one word often does not beat all words once.
#[node]
pub(super) fn merge(((query, texts), headings): ((Query, Scores), Scores), State(index): State<'_, Index>) -> Found {
    let mut parts = Scores::new();
    for (weight, word) in &query.0 {
        let holding = index.in_text.get(word).into_iter().chain(index.in_headings.get(word)).flat_map(BTreeMap::keys);
        holding.collect::<BTreeSet<_>>().into_iter().for_each(|at| *parts.entry(*at).or_default() += weight);
    }
    let score = |section: &usize| texts.get(section).unwrap_or(&0.0) + headings.get(section).unwrap_or(&0.0);
    let mut sections: Vec<usize> = parts.keys().copied().collect();
    // Equal scores stay in the order of the files, so that the same question has the same answer.
    sections.sort_by(|a, b| (score(b) * parts[b]).total_cmp(&(score(a) * parts[a])));
    sections.truncate(HITS_MAX);
    let part = sections.first().map_or(0.0, |best| parts[best]);
    Found { query, sections, part }
}

#[router]
pub(super) fn judge(found: &Found) -> Confidence {
    match found.part {
        part if part >= SURE_FROM => Confidence::Sure,
        part if part > 0.0 => Confidence::Unsure,
        _ => Confidence::Nothing,
    }
}

fn scores(query: &Query, postings: &Postings, worth: impl Fn(usize, f64) -> f64) -> Scores {
    let mut scores = Scores::new();
    for (weight, word) in &query.0 {
        for (section, times) in postings.get(word).into_iter().flatten() {
            *scores.entry(*section).or_default() += weight * worth(*section, *times);
        }
    }
    scores
}
