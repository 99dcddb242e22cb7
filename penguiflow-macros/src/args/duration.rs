//! Durations and rates as they are written in arguments: `"1.5s"`, `"100/s"`. Exact: no floating point.

use std::time::Duration;

/// At most `count` starts in each `per`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate {
    pub(crate) count: u32,
    pub(crate) per: Duration,
}

const UNITS: [(&str, u64); 6] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// A year: what waits longer is a mistake of units.
const LONGEST_HOURS: u64 = 8_760;

/// Reads a number and its unit. The error is a sentence that says what is accepted.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(text.len());
    let (number, unit) = (&text[..split], text[split..].trim_start());
    if unit.is_empty() && number.chars().any(|c| c.is_ascii_digit()) {
        return Err(format!("`{text}` has no unit: write ns, us, ms, s, m or h behind it, like `\"{number}s\"`"));
    }
    let no_duration = || format!("`{text}` is no duration: write a number and ns, us, ms, s, m or h, like `\"2s\"`");
    let unit = UNITS.iter().find(|(word, _)| *word == unit).map(|(_, nanos)| *nanos).ok_or_else(no_duration)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let nanos = times(whole, fraction, unit).ok_or_else(no_duration)?;
    if nanos == 0 {
        return Err(format!("`{text}` is no time at all: a duration is at least `\"1ns\"`"));
    }
    if nanos > u128::from(LONGEST_HOURS) * 3_600_000_000_000 {
        return Err(format!("`{text}` is too long: a duration is at most `\"{LONGEST_HOURS}h\"`"));
    }
    Ok(Duration::new((nanos / 1_000_000_000) as u64, (nanos % 1_000_000_000) as u32))
}

/// Reads `count/unit` or `count/duration`.
pub(crate) fn parse_rate(text: &str) -> Result<Rate, String> {
    let text = text.trim();
    let no_rate =
        || format!("`{text}` is no rate: write a count per s, m, h or duration, like `\"100/s\"` or `\"5/250ms\"`");
    let (count, per) = text.split_once('/').ok_or_else(no_rate)?;
    let count: u32 = digits(count.trim()).and_then(|n| n.parse().ok()).ok_or_else(no_rate)?;
    if !(1..=1_000_000).contains(&count) {
        return Err(format!("`{text}` lets nothing through or everything: the count is 1 to 1000000"));
    }
    let per = per.trim();
    let per = match per {
        "s" | "m" | "h" => parse(&format!("1{per}"))?,
        _ if per.starts_with(|c: char| c.is_ascii_digit()) => parse(per)?,
        _ => return Err(no_rate()),
    };
    Ok(Rate { count, per })
}

/// `whole.fraction · unit`, rounded down to what the unit can say, or nothing if these are no digits.
fn times(whole: &str, fraction: &str, unit: u64) -> Option<u128> {
    let whole: u128 = digits(whole)?.parse().ok()?;
    let fraction = digits(fraction)?;
    let scale = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let fraction: u128 = fraction.parse().ok()?;
    let unit = u128::from(unit);
    whole.checked_mul(unit)?.checked_add(fraction.checked_mul(unit)? / scale)
}

fn digits(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    (!plain.is_empty() && plain.chars().all(|c| c.is_ascii_digit())).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::{Rate, parse, parse_rate};
    use std::time::Duration;

    #[test]
    fn a_duration_is_a_number_and_a_unit() {
        assert_eq!(parse("2s"), Ok(Duration::from_secs(2)));
        assert_eq!(parse("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(parse("100 ms"), Ok(Duration::from_millis(100)));
        assert_eq!(parse("1_000us"), Ok(Duration::from_millis(1)));
        assert_eq!(parse("0.25h"), Ok(Duration::from_secs(900)));
        assert_eq!(parse("8760h"), Ok(Duration::from_secs(31_536_000)));
    }

    #[test]
    fn a_rate_is_a_count_per_unit_or_per_duration() {
        assert_eq!(parse_rate("100/s"), Ok(Rate { count: 100, per: Duration::from_secs(1) }));
        assert_eq!(parse_rate("100/250ms"), Ok(Rate { count: 100, per: Duration::from_millis(250) }));
        assert_eq!(parse_rate("1_000 / m"), Ok(Rate { count: 1000, per: Duration::from_secs(60) }));
    }

    #[test]
    fn what_is_no_duration_says_what_is() {
        for text in ["", "s", "-2s", "2 parsecs", "1.2.3s", "1m30s", "1e3s", ".s", "..5s"] {
            assert!(parse(text).is_err_and(|e| e.contains("ns, us, ms, s, m or h")), "{text}");
        }
        assert!(parse("2").is_err_and(|e| e.contains("like `\"2s\"`")));
        assert!(parse("0s").is_err_and(|e| e.contains("at least")));
        assert!(parse("0.1ns").is_err_and(|e| e.contains("at least")));
        assert!(parse("8761h").is_err_and(|e| e.contains("at most")));
        assert!(parse("99999999999999999999999999999999999999999s").is_err());
    }

    #[test]
    fn what_is_no_rate_says_what_is() {
        for text in ["", "100", "100/", "/s", "many/s", "100/day", "100/s/s", "1.5/s"] {
            assert!(parse_rate(text).is_err_and(|e| e.contains("like `\"100/s\"`")), "{text}");
        }
        assert!(parse_rate("0/s").is_err_and(|e| e.contains("1 to 1000000")));
        assert!(parse_rate("5/0s").is_err_and(|e| e.contains("at least")));
    }
}
