//! Says which sections hold a word, and how rare it is. Knows no file and no question.

use super::markdown::{Page, Section};
use super::words::words;
use penguiflow::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// How much a word counts in the headings above a section and in the file's path, if 1 in the section's own heading.
const ABOVE: f64 = 0.5;

/// All sections, and where each word stands in them.
#[derive(Default)]
pub(super) struct Index {
    pub(super) left_out: Vec<String>,
    pub(super) sections: Vec<Section>,
    /// How often a word stands in a section's text.
    pub(super) in_text: Postings,
    /// How prominently a word stands in a section's headings, up to 1.
    pub(super) in_headings: Postings,
    /// The sections' lengths in words.
    lengths: Vec<f64>,
    total_length: f64,
}

/// The sections that hold a word, by their number.
pub(super) type Postings = HashMap<String, BTreeMap<usize, f64>>;

#[node]
pub(super) fn build(pages: Vec<Page>) -> Index {
    let mut index = Index::default();
    for page in pages {
        match page.0 {
            Ok(sections) => sections.into_iter().for_each(|section| index.add(section)),
            Err(why) => index.left_out.push(why),
        }
    }
    index
}

impl Index {
    fn add(&mut self, section: Section) {
        let at = self.sections.len();
        let mut length = 0.0;
        for word in section.lines.iter().flat_map(|line| words(line)) {
            length += 1.0;
            *self.in_text.entry(word).or_default().entry(at).or_default() += 1.0;
        }
        let above = section.headings.iter().rev().skip(1).chain([&section.path]).map(|heading| (heading, ABOVE));
        for (heading, worth) in above.chain(section.headings.last().map(|own| (own, 1.0))) {
            words(heading).for_each(|word| *self.in_headings.entry(word).or_default().entry(at).or_default() = worth);
        }
        self.lengths.push(length);
        self.total_length += length;
        self.sections.push(section);
    }

    /// The section's length by the mean of all.
    pub(super) fn relative_length(&self, section: usize) -> f64 {
        self.lengths[section] * self.lengths.len() as f64 / self.total_length.max(1.0)
    }

    /// How much finding the word tells: the inverse document frequency as in Lucene's `BM25Similarity`, never negative.
    pub(super) fn rarity(&self, word: &str) -> f64 {
        let holding = |postings: &Postings| postings.get(word).map_or(0, BTreeMap::len);
        let holding = holding(&self.in_text).max(holding(&self.in_headings)) as f64;
        (1.0 + (self.sections.len() as f64 - holding + 0.5) / (holding + 0.5)).ln()
    }
}
