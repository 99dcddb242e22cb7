//! Finds the thoughts that stand in `<think>` tags, wherever a stream cuts these. Must not know where the text comes from.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// A piece of what a model wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Thought(String),
}

/// Reads on and on. White space that follows a tag belongs to the tag.
#[derive(Debug, Default)]
pub(super) struct Think {
    thinks: bool,
    after_tag: bool,
    /// What may be the beginning of a tag.
    held: String,
}

impl Think {
    /// Takes more text.
    pub(super) fn feed(&mut self, more: &str, pieces: &mut Vec<Piece>) {
        let text = std::mem::take(&mut self.held) + more;
        let mut rest = text.as_str();
        loop {
            let tag = if self.thinks { CLOSE } else { OPEN };
            match rest.split_once(tag) {
                Some((before, behind)) => {
                    self.put(before, pieces);
                    (self.thinks, self.after_tag) = (!self.thinks, true);
                    rest = behind;
                }
                None => {
                    let (certain, held) = rest.split_at(rest.len() - begun(rest, tag));
                    self.put(certain, pieces);
                    held.clone_into(&mut self.held);
                    return;
                }
            }
        }
    }

    /// There is no more text: what was held is no tag.
    pub(super) fn close(&mut self, pieces: &mut Vec<Piece>) {
        let held = std::mem::take(&mut self.held);
        self.put(&held, pieces);
    }

    fn put(&mut self, text: &str, pieces: &mut Vec<Piece>) {
        let text = if self.after_tag { text.trim_start() } else { text };
        if text.is_empty() {
            return;
        }
        self.after_tag = false;
        pieces.push(if self.thinks { Piece::Thought(text.to_owned()) } else { Piece::Text(text.to_owned()) });
    }
}

/// How many bytes at the end of `text` are the beginning of `tag`.
fn begun(text: &str, tag: &str) -> usize {
    let most = (tag.len() - 1).min(text.len());
    (1..=most).rev().find(|&length| text.as_bytes().ends_with(&tag.as_bytes()[..length])).unwrap_or(0)
}
