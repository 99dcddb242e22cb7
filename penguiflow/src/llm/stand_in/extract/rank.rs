//! Finds the sentences that fit a question best, by BM25 (Robertson, Zaragoza: *The Probabilistic Relevance Framework: BM25 and Beyond*,
//! 2009). Must not know where they stand.

use crate::llm::stand_in::extract::sentences::Sentence;
use crate::llm::stand_in::extract::words::words;
use std::collections::{BTreeMap, BTreeSet};

/// How soon another occurrence of a word counts less, and how much the length of a sentence matters: the usual values.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// A sentence has to fit this well beside the best one.
const SHARE_OF_BEST: f64 = 0.6;

/// The sentences that fit best, in the order of the text. None where no word of the question stands in any.
pub(super) fn best<'a>(question: &str, all: &[Sentence<'a>], most: usize) -> Vec<&'a str> {
    let asked: BTreeSet<String> = words(question).into_iter().collect();
    let of: Vec<Vec<String>> = all.iter().map(|sentence| words(sentence.text)).collect();
    let mut in_how_many: BTreeMap<&str, u32> = BTreeMap::new();
    for words in &of {
        let once: BTreeSet<&str> = words.iter().map(String::as_str).collect();
        once.into_iter()
            .filter(|word| asked.contains(*word))
            .for_each(|word| *in_how_many.entry(word).or_default() += 1);
    }
    let length = of.iter().map(Vec::len).sum::<usize>() as f64 / (of.len().max(1)) as f64;
    let score = |words: &Vec<String>| -> f64 {
        let of_word = |word: &String| {
            let times = words.iter().filter(|one| *one == word).count() as f64;
            let there = f64::from(in_how_many.get(word.as_str()).copied().unwrap_or(0));
            let rare = (1.0 + (all.len() as f64 - there + 0.5) / (there + 0.5)).ln();
            rare * times * (K1 + 1.0) / (times + K1 * (1.0 - B + B * words.len() as f64 / length.max(1.0)))
        };
        asked.iter().map(of_word).sum()
    };
    let mut scored: Vec<(usize, f64)> = of.iter().map(score).enumerate().filter(|(_, score)| *score > 0.0).collect();
    // The first of two that fit equally well.
    scored.sort_by(|(one, a), (other, b)| b.total_cmp(a).then(one.cmp(other)));
    let enough = scored.first().map_or(0.0, |(_, best)| best * SHARE_OF_BEST);
    let mut said = BTreeSet::new();
    scored.retain(|(at, score)| *score >= enough && all.get(*at).is_some_and(|one| said.insert(one.text)));
    scored.truncate(most);
    scored.sort_by_key(|(at, _)| *at);
    scored.into_iter().filter_map(|(at, _)| all.get(at)).map(|one| one.text).collect()
}
