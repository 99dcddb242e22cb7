//! Splits Markdown into sections at its headings. Knows no file and no words.

use super::files::Source;
use penguiflow::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

/// What stands between two headings.
#[message]
pub(super) struct Section {
    pub(super) path: String,
    /// From the page's title down to the section's own heading.
    pub(super) headings: Vec<String>,
    /// The number of the first line, from 1.
    pub(super) first: usize,
    pub(super) lines: Vec<String>,
}

/// A page's sections, or why it is left out.
pub(super) struct Page(pub(super) Result<Vec<Section>, String>);

#[node]
pub(super) fn split(Source(path, text): Source) -> Page {
    Page(match text {
        Ok(text) => Ok(sections(&path, &text)),
        Err(why) => Err(format!("{path}: {why}")),
    })
}

fn sections(path: &str, text: &str) -> Vec<Section> {
    let cut = |(event, range)| match event {
        Event::Start(Tag::Heading { level, .. }) => Some((Some(level), range)),
        Event::Start(Tag::MetadataBlock(_)) => Some((None, range)),
        _ => None,
    };
    let events = Parser::new_ext(text, Options::ENABLE_YAML_STYLE_METADATA_BLOCKS).into_offset_iter();
    let cuts = events.filter_map(cut).chain([(None, text.len()..text.len())]);
    let (mut sections, mut headings, mut begin, mut first) = (Vec::new(), Vec::new(), 0, 1);
    for (level, range) in cuts {
        let body = &text[begin..range.start];
        // A heading with nothing below it answers nothing; the headings below it carry its words.
        if !body.trim().is_empty() {
            let lines = body.lines().map(str::to_owned).collect();
            let headings = headings.iter().map(|(_, title)| String::clone(title)).collect();
            sections.push(Section { path: path.to_owned(), headings, first, lines });
        }
        first += text[begin..range.end].matches('\n').count();
        begin = range.end;
        if let Some(level) = level {
            let title = text[range].lines().next().unwrap_or_default().trim_matches(['#', ' ']);
            headings.retain(|(above, _)| *above < level);
            headings.push((level, title.to_owned()));
        }
    }
    sections
}
