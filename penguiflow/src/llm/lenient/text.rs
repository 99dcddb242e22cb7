//! Reads one string, from behind its first quote. Must not know what it is part of.

use crate::llm::lenient::found::{Repair, Repairs};

/// How long a key in other quotes than `"` may be, in bytes: a `'` in prose would be taken for the begin of one.
const ODD_KEY_BYTES_MAX: usize = 64;

/// The quotes that a string is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    Double,
    Single,
    SmartDouble,
    SmartSingle,
}

impl Quote {
    pub(super) fn opened_by(letter: char) -> Option<Self> {
        match letter {
            '"' => Some(Quote::Double),
            '\'' => Some(Quote::Single),
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' => Some(Quote::SmartDouble),
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' => Some(Quote::SmartSingle),
            _ => None,
        }
    }

    fn closed_by(self, letter: char) -> bool {
        match self {
            Quote::Double => letter == '"',
            Quote::Single => letter == '\'',
            Quote::SmartDouble => matches!(letter, '"' | '\u{201c}' | '\u{201d}' | '\u{201f}'),
            Quote::SmartSingle => matches!(letter, '\'' | '\u{2018}' | '\u{2019}' | '\u{201b}'),
        }
    }
}

/// What a string is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Key,
    Value,
    /// It ends at its first quote, whatever follows.
    Plain,
}

/// A string that was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) value: String,
    /// Behind its last quote.
    pub(super) end: usize,
    pub(super) cut: bool,
    pub(super) repairs: Repairs,
}

/// Reads the string that begins at `at`. Nothing comes of it where it cannot be one.
pub(super) fn read(text: &str, at: usize, quote: Quote, used: Use) -> Option<Read> {
    let mut read = Read { end: at, ..Read::default() };
    if quote != Quote::Double {
        read.repairs.add(Repair::Quotes);
    }
    let odd_key = used == Use::Key && quote != Quote::Double;
    loop {
        if odd_key && read.end - at > ODD_KEY_BYTES_MAX {
            return None;
        }
        let rest = text.get(read.end..)?;
        let Some(length) = plain(rest.as_bytes(), quote) else {
            read.value.push_str(rest);
            read.end = text.len();
            return finish_cut(read, odd_key);
        };
        let (words, rest) = rest.split_at_checked(length)?;
        read.value.push_str(words);
        read.end += length;
        let letter = rest.chars().next()?;
        if letter == '\\' {
            if !escape(&rest[1..], &mut read) {
                read.end = text.len();
                return finish_cut(read, odd_key);
            }
            continue;
        }
        read.end += letter.len_utf8();
        if quote.closed_by(letter) {
            if closes(text, read.end, quote, used) {
                return Some(read);
            }
            read.repairs.add(Repair::InnerQuotes);
        } else if letter < ' ' {
            if odd_key {
                return None;
            }
            read.repairs.add(Repair::Controls);
        }
        read.value.push(letter);
    }
}

fn finish_cut(mut read: Read, odd_key: bool) -> Option<Read> {
    // The end of the fence that it stood in, and what was said behind it.
    if let Some(fence) = read.value.find("\n```") {
        read.value.truncate(fence);
    }
    read.cut = true;
    (!odd_key).then_some(read)
}

/// How much of it is neither a quote that may end the string, nor a backslash, nor a control character.
fn plain(rest: &[u8], quote: Quote) -> Option<usize> {
    match quote {
        Quote::Double => rest.iter().position(|byte| matches!(byte, b'"' | b'\\') || *byte < b' '),
        Quote::Single => rest.iter().position(|byte| matches!(byte, b'\'' | b'\\') || *byte < b' '),
        // 0xe2 is the first byte of each typographic quote.
        Quote::SmartDouble => rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0xe2) || *byte < b' '),
        Quote::SmartSingle => rest.iter().position(|byte| matches!(byte, b'\'' | b'\\' | 0xe2) || *byte < b' '),
    }
}

/// Whether a quote that ends at `at` ends the string. In JSON it always does: then something of JSON follows it.
fn closes(text: &str, at: usize, quote: Quote, used: Use) -> bool {
    match (used, quote) {
        (Use::Plain, _) | (Use::Key, Quote::Double) => return true,
        (Use::Key | Use::Value, _) => {}
    }
    let rest = text.get(at..).unwrap_or_default();
    let next = rest.trim_start_matches([' ', '\t', '\r', '\n']);
    if used == Use::Key {
        return next.starts_with(':');
    }
    let on_a_new_line = || {
        let between = &rest[..rest.len() - next.len()];
        between.contains('\n') && next.starts_with(['"', '\'', '\u{201c}', '\u{2018}', '{', '['])
    };
    next.is_empty()
        || next.starts_with([',', ']', '}', '#'])
        || ["//", "/*", "```"].iter().any(|start| next.starts_with(start))
        || on_a_new_line()
}

/// Reads what stands behind a backslash; `false` where the text ends in it.
fn escape(rest: &str, read: &mut Read) -> bool {
    let Some(letter) = rest.chars().next() else { return false };
    let meant = match letter {
        '"' | '\\' | '/' => letter,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode(&rest[1..], read),
        '\'' => {
            read.repairs.add(Repair::Escapes);
            letter
        }
        other => {
            // It stays as it was written: nobody knows what it was to be.
            read.repairs.add(Repair::Escapes);
            read.value.push('\\');
            if other < ' ' {
                read.repairs.add(Repair::Controls);
            }
            other
        }
    };
    read.value.push(meant);
    read.end += 1 + letter.len_utf8();
    true
}

fn unicode(rest: &str, read: &mut Read) -> bool {
    let unit = match hex(rest) {
        Hex::Is(unit) => unit,
        Hex::Cut => return false,
        Hex::Not => return keep(read),
    };
    if let Some(letter) = char::from_u32(unit) {
        read.value.push(letter);
        read.end += 6;
        return true;
    }
    // Half of a pair; what follows it has to be the other half.
    let behind = rest.get(4..).unwrap_or_default();
    let second = match behind.strip_prefix("\\u").map(hex) {
        Some(second) => second,
        None if "\\u".starts_with(behind) => Hex::Cut,
        None => Hex::Not,
    };
    match second {
        Hex::Is(low) if (0xd800..0xdc00).contains(&unit) && (0xdc00..0xe000).contains(&low) => {
            let letter = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            read.value.extend(char::from_u32(letter));
            read.end += 12;
            true
        }
        Hex::Cut if unit < 0xdc00 => false,
        Hex::Is(_) | Hex::Cut | Hex::Not => keep(read),
    }
}

/// Keeps the backslash as a letter.
fn keep(read: &mut Read) -> bool {
    read.repairs.add(Repair::Escapes);
    read.value.push_str("\\u");
    read.end += 2;
    true
}

enum Hex {
    Is(u32),
    Cut,
    Not,
}

fn hex(rest: &str) -> Hex {
    let digits = rest.bytes().take(4).take_while(u8::is_ascii_hexdigit).count();
    match rest.get(..digits) {
        Some(four) if digits == 4 => u32::from_str_radix(four, 16).map_or(Hex::Not, Hex::Is),
        Some(_) if digits == rest.len() => Hex::Cut,
        Some(_) | None => Hex::Not,
    }
}
