//! How long a reply asks to wait. Must not know for what.

use crate::llm::transport::Headers;
use std::time::{Duration, SystemTime};

/// What the headers say. `tokens`: whether it is tokens that there were too many of.
///
/// `Retry-After` is seconds or a date (<https://www.rfc-editor.org/rfc/rfc9110#field.retry-after>); `retry-after-ms` and
/// `x-ratelimit-reset-…` are OpenAI's (<https://platform.openai.com/docs/guides/rate-limits>).
pub(super) fn asked(headers: &Headers, tokens: bool, now: SystemTime) -> Option<Duration> {
    let exact = headers.get("retry-after-ms").and_then(seconds).map(|millis| millis / 1_000);
    exact
        .or_else(|| headers.get("retry-after").and_then(|text| seconds(text).or_else(|| until(date(text)?, now))))
        .or_else(|| reset(headers, tokens))
        .or_else(|| headers.get("x-ratelimit-reset").and_then(|text| moment(text, now)))
}

/// The reset of whatever is used up.
fn reset(headers: &Headers, tokens: bool) -> Option<Duration> {
    let of = |what: &str| {
        let is_out = headers.get(&format!("x-ratelimit-remaining-{what}")).is_some_and(|left| left.trim() == "0");
        let asks = is_out || (tokens && what == "tokens");
        headers.get(&format!("x-ratelimit-reset-{what}")).filter(|_| asks).and_then(duration)
    };
    of("requests").max(of("tokens"))
}

/// `20`, `1.5`.
fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let is_number = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let number = text.parse().ok().filter(|_| is_number)?;
    Duration::try_from_secs_f64(number).ok()
}

/// `6m0s`, `1h2m3.5s`, `17ms`, `39s`, `1.5`.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if let Some(plain) = seconds(rest) {
        return Some(plain);
    }
    let mut all = Duration::ZERO;
    while !rest.is_empty() {
        let (number, behind) = rest.split_at(rest.find(|c: char| c.is_ascii_alphabetic())?);
        let (unit, behind) = behind.split_at(behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len()));
        let scale = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        let part = Duration::try_from_secs_f64(number.parse::<f64>().ok()? * scale).ok()?;
        all = all.checked_add(part)?;
        rest = behind;
    }
    (!text.trim().is_empty()).then_some(all)
}

/// A number that is a moment in milliseconds or seconds since 1970 if it is large, and else seconds.
fn moment(text: &str, now: SystemTime) -> Option<Duration> {
    const SINCE_1970_S: f64 = 1e9;
    const SINCE_1970_MS: f64 = 1e11;
    let since = |seconds| SystemTime::UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?);
    match text.trim().parse::<f64>().ok()? {
        millis if millis >= SINCE_1970_MS => until(since(millis / 1_000.0)?, now),
        seconds if seconds >= SINCE_1970_S => until(since(seconds)?, now),
        _ => duration(text),
    }
}

/// A moment that is past asks for no wait.
fn until(moment: SystemTime, now: SystemTime) -> Option<Duration> {
    Some(moment.duration_since(now).unwrap_or_default())
}

/// The three forms of <https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats>: `Sun, 06 Nov 1994 08:49:37 GMT`,
/// `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
fn date(text: &str) -> Option<SystemTime> {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let (day, month, year, hour, minute, second) = match *words.as_slice() {
        [_, day, month, year, hour, minute, second, "GMT"] => (day, month, year, hour, minute, second),
        [_, month, day, hour, minute, second, year] => (day, month, year, hour, minute, second),
        _ => return None,
    };
    let number = |word: &str| word.parse::<u64>().ok().filter(|_| word.len() <= 4);
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.iter().position(|one| one.eq_ignore_ascii_case(month))?;
    let year = match (number(year)?, year.len()) {
        (short, 2) if short < 70 => 2_000 + short,
        (short, 2) => 1_900 + short,
        (year, _) => year,
    };
    let (day, hour, minute, second) = (number(day)?, number(hour)?, number(minute)?, number(second)?);
    if !(1970..=9999).contains(&year) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = days_since_1970(year, month as u64 + 1, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

/// The days of the Gregorian calendar before that date, counted in years that begin with March, so that a leap day is the last one.
fn days_since_1970(year: u64, month: u64, day: u64) -> u64 {
    const BEFORE_1970: u64 = 719_468;
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let in_years = year * 365 + year / 4 - year / 100 + year / 400;
    let in_months = (153 * month + 2) / 5;
    in_years + in_months + day - 1 - BEFORE_1970
}
