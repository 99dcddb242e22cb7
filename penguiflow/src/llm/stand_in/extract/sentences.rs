//! Cuts a text into sentences. Must not know what for.

/// A longer one is cut off there, in letters.
const LETTERS_MAX: usize = 600;

/// One sentence, or one line: a heading, a row of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sentence<'a> {
    pub(super) text: &'a str,
    pub(super) is_question: bool,
}

/// The sentences of a text, in its order. A sentence ends at the end of a line, behind the full stop of a writing without spaces, or
/// behind `.`, `!` or `?` before a space; so an abbreviation ends one too early, and a number does not.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = Sentence<'_>> {
    text.lines().flat_map(of_line)
}

fn of_line(line: &str) -> Vec<Sentence<'_>> {
    let mut all = Vec::new();
    let (mut start, mut letters) = (0, line.char_indices().peekable());
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let ends = match letter {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' => next.is_none_or(char::is_whitespace),
            _ => false,
        };
        if ends {
            let end = at + letter.len_utf8();
            all.extend(line.get(start..end).and_then(sentence));
            start = end;
        }
    }
    all.extend(line.get(start..).and_then(sentence));
    all
}

fn sentence(text: &str) -> Option<Sentence<'_>> {
    let text = text.trim();
    let end = text.char_indices().nth(LETTERS_MAX).map_or(text.len(), |(at, _)| at);
    let is_question = text.ends_with(['?', '？']);
    let text = text.get(..end)?;
    text.contains(char::is_alphanumeric).then_some(Sentence { text, is_question })
}
