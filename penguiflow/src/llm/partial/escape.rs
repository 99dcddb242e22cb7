//! An escape of a JSON string that comes letter by letter. Must not know the string.

/// What stands behind a backslash, as far as it came.
#[derive(Clone, Debug, Default)]
pub(super) struct Escape {
    word: String,
}

pub(super) enum Taken {
    /// It is not complete.
    More,
    Letter(char),
    /// It is no escape of JSON: it stays as it was written.
    Words(String),
}

impl Escape {
    /// Takes of the text what belongs to it, and says how much that was.
    pub(super) fn take(&mut self, rest: &str) -> (usize, Taken) {
        for (at, letter) in rest.char_indices() {
            let end = at + letter.len_utf8();
            if self.word.is_empty() && letter != 'u' {
                let meant = match letter {
                    '"' | '\\' | '/' => letter,
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    other => return (end, Taken::Words(format!("\\{other}"))),
                };
                return (end, Taken::Letter(meant));
            }
            // `uXXXX`, and for what needs two of them `uXXXX\uXXXX`.
            let fits = match self.word.len() {
                0 | 6 => letter == 'u',
                5 => letter == '\\',
                _ => letter.is_ascii_hexdigit(),
            };
            if !fits {
                return (at, self.as_written());
            }
            self.word.push(letter);
            if let Some(taken) = self.complete() {
                return (end, taken);
            }
        }
        (rest.len(), Taken::More)
    }

    fn complete(&self) -> Option<Taken> {
        let unit = |at: usize| u32::from_str_radix(self.word.get(at..at + 4)?, 16).ok();
        match self.word.len() {
            5 => match unit(1)? {
                // Half of a pair.
                0xd800..=0xdbff => None,
                unit => Some(char::from_u32(unit).map_or_else(|| self.as_written(), Taken::Letter)),
            },
            11 => {
                let (high, low) = (unit(1)?, unit(7)?);
                let letter = low.checked_sub(0xdc00).filter(|low| *low < 0x400);
                let letter = letter.and_then(|low| char::from_u32(0x10000 + ((high - 0xd800) << 10) + low));
                Some(letter.map_or_else(|| self.as_written(), Taken::Letter))
            }
            _ => None,
        }
    }

    fn as_written(&self) -> Taken {
        Taken::Words(format!("\\{}", self.word))
    }
}
