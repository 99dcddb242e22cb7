//! Words the answer, with file and lines. Knows no ranking.

use super::files::printable;
use super::index::Index;
use super::markdown::Section;
use super::rank::{Found, Query};
use super::words::words;
use penguiflow::prelude::*;
use std::ops::Range;

/// As much as the eye takes in at once.
const PASSAGE_LINES_MAX: usize = 8;
/// Some pages have a paragraph a line.
const LINE_CHARS_MAX: usize = 240;

#[message]
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) is_match: bool,
}

/// One section has what was asked for: shows it, and where else to look.
#[node]
pub(super) fn explain(found: Found, State(index): State<'_, Index>) -> Answer {
    let best = &index.sections[found.sections[0]];
    let passage = passage(best, &found.query);
    let mut text = format!("{}\n\n", title(best, passage.start));
    for (line, number) in best.lines[passage.clone()].iter().zip(best.first + passage.start..) {
        let clipped: String = line.chars().take(LINE_CHARS_MAX).collect();
        let more = if clipped.len() < line.len() { " …" } else { "" };
        text += &format!("{number:>6} | {}{more}\n", printable(&clipped));
    }
    if found.sections.len() > 1 {
        text += &format!("\nSee also\n{}", titles(&found.sections[1..], &found.query, index));
    }
    Answer { text, is_match: true }
}

/// Sections have parts of what was asked for: shows where to look, and says which words are nowhere.
#[node]
pub(super) fn suggest(found: Found, State(index): State<'_, Index>) -> Answer {
    let nearest = titles(&found.sections, &found.query, index);
    let words = nowhere(&found.query, index);
    let and_none = if words.is_empty() { words } else { format!(", and none has {words}") };
    Answer { text: format!("No section has all of it{and_none}. The nearest:\n{nearest}"), is_match: true }
}

/// Nothing has any word of it.
#[node]
pub(super) fn decline(found: Found, State(index): State<'_, Index>) -> Answer {
    let (sections, words) = (index.sections.len(), nowhere(&found.query, index));
    let text = format!("No match: none of {sections} sections has {words}. Ask in other words.\n");
    Answer { text, is_match: false }
}

fn nowhere(query: &Query, index: &Index) -> String {
    let is_nowhere = |word: &&String| !index.in_text.contains_key(*word) && !index.in_headings.contains_key(*word);
    let words = query.0.iter().map(|(_, word)| word).filter(is_nowhere);
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
}

fn titles(sections: &[usize], query: &Query, index: &Index) -> String {
    let sections = sections.iter().map(|section| &index.sections[*section]);
    sections.map(|section| format!("  {}\n", title(section, passage(section, query).start))).collect()
}

/// `docs/EXPANSION.md:47  What the macros print › Flows`: editors and terminals make a link of the first word.
fn title(section: &Section, line: usize) -> String {
    let Section { path, first, headings, .. } = section;
    printable(format!("{path}:{}  {}", first + line, headings.join(" › ")).trim_end())
}

/// The paragraph that has most of the question; of one that is too long, the lines that have most of it.
fn passage(section: &Section, query: &Query) -> Range<usize> {
    let is_blank = |at: usize| section.lines.get(at).is_none_or(|line| line.trim().is_empty());
    let worth = |lines: &[String]| -> f64 {
        let held: Vec<String> = lines.iter().flat_map(|line| words(line)).collect();
        query.0.iter().filter(|(_, word)| held.contains(word)).map(|(weight, _)| weight).sum()
    };
    let (mut best, mut most) = (0..0, -1.0);
    for start in (0..section.lines.len()).filter(|at| !is_blank(*at)) {
        let farthest = start + PASSAGE_LINES_MAX;
        let end = (start..farthest).find(|at| is_blank(*at)).unwrap_or(farthest);
        if start == 0 || is_blank(start - 1) || end == farthest {
            // A line that has it itself is the better place to begin.
            let worth = worth(&section.lines[start..end]) + worth(&section.lines[start..=start]);
            (best, most) = if worth > most { (start..end, worth) } else { (best, most) };
        }
    }
    best
}
