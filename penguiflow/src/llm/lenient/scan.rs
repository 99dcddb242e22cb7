//! Looks for JSON in a text, from its begin to its end. Must not know what it is wanted for.

use crate::llm::lenient::found::{Found, How, Repair, Repairs};
use crate::llm::lenient::parse::{Outcome, Refusal, parse};
use crate::llm::lenient::text::{self, Quote, Use};
use serde_json::Value;
use std::ops::Range;

/// How many values are looked at in one text.
pub(super) const FOUND_MAX: usize = 1_000;
/// How often JSON may be the text of a JSON string.
const ENCODED_MAX: u8 = 3;

/// What a text holds.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    pub(super) found: Vec<Found>,
    /// What looked like JSON first, and is no value.
    pub(super) refusal: Option<Refusal>,
}

/// All JSON values in `text`, in their order.
pub(super) fn scan(text: &str) -> Scanned {
    let mut scanned = Scanned::default();
    within(text, 0, &mut scanned);
    scanned
}

fn within(text: &str, level: u8, scanned: &mut Scanned) {
    let whole = trimmed(text, 0..text.len());
    // A value that fills the text; also one that is neither an object nor a list.
    if scalar(text, whole.clone(), level, scanned) {
        return;
    }
    let before = scanned.found.len();
    brackets(text, unfenced_end(text), level, scanned);
    if scanned.found.len() == before {
        for body in fences(text) {
            let body = trimmed(text, body);
            scalar(text, body, level, scanned);
        }
    }
}

/// The objects and lists.
fn brackets(text: &str, end: usize, level: u8, scanned: &mut Scanned) {
    let text = text.get(..end).unwrap_or(text);
    let (mut at, mut lax) = (0, true);
    while scanned.found.len() < FOUND_MAX
        && let Some(next) = text.get(at..).and_then(|rest| rest.find(['{', '[']))
    {
        let start = at + next;
        if let Some(end) = encoded(text, at..start, level, scanned) {
            at = end;
            continue;
        }
        let parsed = parse(text, start, lax);
        at = parsed.end.max(start + 1);
        match parsed.outcome {
            Outcome::Value { value, repairs, cut, items } => {
                scanned.found.push(Found::new(value, start..at, repairs.how(cut)).with_items(items));
            }
            Outcome::Refused(refusal) => {
                scanned.refusal.get_or_insert(refusal);
            }
            Outcome::Broken { pieces, repairs, lost_a_string } => {
                let how = repairs.with(Repair::Torn).how(false);
                let found = pieces.into_iter().map(|(value, span)| Found::new(value, span, how.clone()));
                scanned.found.extend(found.take(FOUND_MAX));
                lax &= !lost_a_string;
            }
        }
    }
}

/// JSON with a backslash before its quotes, behind `before`: the text of a JSON string. Tells where it ends.
fn encoded(text: &str, before: Range<usize>, level: u8, scanned: &mut Scanned) -> Option<usize> {
    let start = before.end;
    // Only so far: a row of brackets would be gone over again at each of them.
    let near = text.get(start + 1..)?.chars().take(16);
    let mut near = near.skip_while(|letter| matches!(letter, ' ' | '\t' | '\r' | '\n' | '{' | '['));
    let looks_so = near.next() == Some('\\') && matches!(near.next(), Some('"' | 'n'));
    if !looks_so || level >= ENCODED_MAX {
        return None;
    }
    let read = text::read(text, start, Quote::Double, Use::Plain)?;
    // Not the last quote of a string before it.
    let quoted = text.get(before).is_some_and(|before| before.ends_with('"'));
    let span = if quoted { start - 1..read.end } else { start..read.end };
    decoded(&read.value, span, level, scanned);
    Some(read.end)
}

/// What the text of a string holds, which stands at `span`.
fn decoded(text: &str, span: Range<usize>, level: u8, scanned: &mut Scanned) {
    let mut inner = Scanned::default();
    within(text, level + 1, &mut inner);
    let holders = inner.found.into_iter().filter(|found| found.value.is_object() || found.value.is_array());
    let room = FOUND_MAX.saturating_sub(scanned.found.len());
    scanned.found.extend(holders.take(room).map(|found| {
        let cut = matches!(found.how, How::Cut(_));
        let how = Repairs::of(&found.how).with(Repair::Encoded).how(cut);
        // Its items have no place of their own in the text.
        Found::new(found.value, span.clone(), how)
    }));
    scanned.refusal = scanned.refusal.take().or(inner.refusal);
}

/// A value that fills the place and does not begin with a bracket.
fn scalar(text: &str, place: Range<usize>, level: u8, scanned: &mut Scanned) -> bool {
    let body = text.get(place.clone()).unwrap_or_default();
    let Some(first) = body.chars().next() else { return false };
    if matches!(first, '{' | '[') {
        return false;
    }
    if let Ok(value) = serde_json::from_str::<Value>(body) {
        let string = value.as_str().map(str::to_owned);
        scanned.found.push(Found::new(value, place.clone(), How::Strict));
        if let Some(string) = string.filter(|_| level < ENCODED_MAX) {
            decoded(&string, place, level, scanned);
        }
        return true;
    }
    let literal = match body {
        "True" => Some(Value::Bool(true)),
        "False" => Some(Value::Bool(false)),
        "None" => Some(Value::Null),
        _ => None,
    };
    if let Some(value) = literal {
        scanned.found.push(Found::new(value, place, Repairs::default().with(Repair::Literals).how(false)));
        return true;
    }
    let Some(quote) = Quote::opened_by(first) else { return false };
    let read = text::read(body, first.len_utf8(), quote, Use::Value);
    let Some(read) = read.filter(|read| read.end == body.len() && !read.cut) else { return false };
    let how = read.repairs.how(false);
    scanned.found.push(Found::new(Value::String(read.value.clone()), place.clone(), how));
    if level < ENCODED_MAX {
        decoded(&read.value, place, level, scanned);
    }
    true
}

fn trimmed(text: &str, place: Range<usize>) -> Range<usize> {
    let part = text.get(place.clone()).unwrap_or_default();
    let start = place.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}

/// Where the text ends without the fence that closes it: in what is cut off, that one is no part of a string.
fn unfenced_end(text: &str) -> usize {
    let body = text.trim_end();
    match body.strip_suffix("```") {
        Some(before) if before.ends_with('\n') => before.len() - 1,
        _ => text.len(),
    }
}

/// What stands in the fences, also in one that is not closed.
fn fences(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let open = at + text.get(at..)?.find("```")?;
        let start = open + 3 + text.get(open + 3..)?.find('\n')? + 1;
        let end = text.get(start..).and_then(|rest| rest.find("```")).map_or(text.len(), |length| start + length);
        at = (end + 3).min(text.len());
        Some(start..end)
    })
}
