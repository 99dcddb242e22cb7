//! Makes a stranger's words fit to be shown. Must not know what they mean.

/// How many characters of a message are shown.
const CHARS_MAX: usize = 1_000;

/// What stands where a key was.
const REDACTED: &str = "[redacted]";

/// How keys of providers begin.
const KEYS: &[&str] = &[
    "sk-",
    "sk_",
    "gsk_",
    "xai-",
    "nvapi-",
    "dapi",
    "pplx-",
    "hf_",
    "AIza",
    "AKIA",
    "ASIA",
    "tgp_",
    "bedrock-api-key-",
    "eyJ",
];

/// As many letters and digits have to follow, or it is a word.
const KEY_REST_MIN: usize = 6;

/// The text without control characters and keys, and not too long.
pub(super) fn shown(text: &str) -> String {
    let (mut shown, mut chars, mut gap) = (String::new(), 0, false);
    for c in text.trim().chars() {
        // A line of a log is one line, and nothing steers a terminal.
        if c.is_control() || c.is_whitespace() || is_invisible(c) {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            shown.push(' ');
            chars += 1;
        }
        if chars >= CHARS_MAX {
            shown.push('…');
            break;
        }
        shown.push(c);
        chars += 1;
    }
    redacted(&shown)
}

/// Marks that change the direction of a line, or hide in it.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Takes each word out that looks like a key, also one that was shortened with asterisks, and whatever follows `Bearer`.
fn redacted(text: &str) -> String {
    let (mut out, mut rest, mut after_bearer) = (String::with_capacity(text.len()), text, false);
    while !rest.is_empty() {
        let is_in_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '*' | '.' | '/' | '+' | '=' | '…');
        let end = rest.find(|c| !is_in_word(c)).unwrap_or(rest.len());
        if end == 0 {
            let next = rest.chars().next().map_or(rest.len(), char::len_utf8);
            out.push_str(&rest[..next]);
            rest = &rest[next..];
            continue;
        }
        let (word, behind) = rest.split_at(end);
        let bare = word.trim_end_matches('.');
        if is_key(bare) || (after_bearer && bare.len() > KEY_REST_MIN) {
            out.push_str(REDACTED);
            out.push_str(&word[bare.len()..]);
        } else {
            out.push_str(word);
        }
        after_bearer = word.eq_ignore_ascii_case("bearer");
        rest = behind;
    }
    out
}

fn is_key(word: &str) -> bool {
    KEYS.iter().any(|start| word.strip_prefix(start).is_some_and(|rest| rest.chars().count() >= KEY_REST_MIN))
        && word.chars().any(|c| c.is_ascii_digit() || c == '*' || c.is_ascii_uppercase())
}

/// The body without this very key, in whatever words it stands.
pub(crate) fn without(body: Vec<u8>, key: &str) -> Vec<u8> {
    let key = key.as_bytes();
    if key.len() < KEY_REST_MIN || body.len() < key.len() {
        return body;
    }
    let (mut out, mut at) = (Vec::with_capacity(body.len()), 0);
    while let Some(rest) = body.get(at..) {
        if rest.starts_with(key) {
            out.extend_from_slice(REDACTED.as_bytes());
            at += key.len();
        } else if let Some(first) = rest.first() {
            out.push(*first);
            at += 1;
        } else {
            break;
        }
    }
    out
}
