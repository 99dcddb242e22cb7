//! Amounts of dollars as they are written in arguments: `0.50`. Exact: no floating point. The runtime's `Money` reads the
//! same texts.

/// How many digits stand behind the point at most: a pico-dollar is the last of them.
const DIGITS: usize = 12;
const DOLLAR: u64 = 1_000_000_000_000;

/// Reads an amount as whole pico-dollars. The error is a sentence that says what is accepted.
pub(crate) fn parse(text: &str) -> Result<u64, String> {
    let no_amount = || format!("`{text}` is no amount of dollars: write digits and at most one point, like `0.50`");
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let (whole, fraction) = (digits(whole).ok_or_else(no_amount)?, digits(fraction).ok_or_else(no_amount)?);
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > DIGITS {
        return Err(format!("`{text}` is too fine: an amount of dollars has at most {DIGITS} digits behind the point"));
    }
    let dollars = whole.parse::<u64>().ok().and_then(|dollars| dollars.checked_mul(DOLLAR));
    let picos = format!("{fraction:0<DIGITS$}").parse::<u64>().ok();
    let sum = dollars.zip(picos).and_then(|(dollars, picos)| dollars.checked_add(picos));
    sum.ok_or_else(|| format!("`{text}` is too much: an amount of dollars is at most {}", u64::MAX / DOLLAR))
}

fn digits(text: &str) -> Option<String> {
    let begins = text.starts_with(|c: char| c.is_ascii_digit());
    let fits = begins && text.chars().all(|c| c.is_ascii_digit() || c == '_');
    fits.then(|| text.replace('_', ""))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_amount_is_read_digit_by_digit() {
        assert_eq!(parse("0.50"), Ok(500_000_000_000));
        assert_eq!(parse("12"), Ok(12_000_000_000_000));
        assert_eq!(parse("0.1"), Ok(100_000_000_000));
        assert_eq!(parse("0.000_000_075"), Ok(75_000));
        assert_eq!(parse("1_000.000000000001"), Ok(1_000_000_000_000_001));
        assert_eq!(parse("0.0000000000010000"), Ok(1));
        assert_eq!(parse("18446744.073709551615"), Ok(u64::MAX));
        assert_eq!(parse("0"), Ok(0));
    }

    #[test]
    fn what_is_no_amount_says_what_is() {
        for text in ["", ".5", "1.", "1e3", "1.5e-3", "0x10", "0.5f64", "-1", "$1", "1.2.3", "_1", "0._5"] {
            assert!(parse(text).is_err_and(|e| e.contains("like `0.50`")), "{text}");
        }
        assert!(parse("0.0000000000001").is_err_and(|e| e.contains("12 digits")));
        for text in ["18446744.073709551616", "18446745", "99999999999999999999999"] {
            assert!(parse(text).is_err_and(|e| e.contains("at most 18446744")), "{text}");
        }
    }
}
