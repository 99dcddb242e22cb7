//! Reads and writes the `traceparent` of the W3C's Trace Context. Must not know what a span is.

use std::fmt;
use std::str::FromStr;

/// A span of this or of another process: <https://www.w3.org/TR/trace-context-2/#traceparent-header>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Traceparent {
    pub(crate) trace_id: u128,
    pub(crate) span_id: u64,
    pub(crate) flags: u8,
}

/// The flags that the standard knows: sampled, and that the id of the trace is random.
const FLAGS: u8 = 0b11;

/// `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`
const LENGTH: usize = 55;

/// The text is no `traceparent`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("`{text}` is no traceparent: {why}; it looks like 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
pub struct TraceparentError {
    /// What was to be read, cut to 64 characters.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl FromStr for Traceparent {
    type Err = TraceparentError;

    fn from_str(text: &str) -> Result<Self, TraceparentError> {
        parse(text).map_err(|why| TraceparentError { text: text.chars().take(64).collect(), why })
    }
}

fn parse(text: &str) -> Result<Traceparent, &'static str> {
    let bytes = text.as_bytes();
    if bytes.len() < LENGTH {
        return Err("it is too short");
    }
    if [2, 35, 52].iter().any(|at| bytes[*at] != b'-') {
        return Err("its four parts do not stand where they should");
    }
    let version = hex(&bytes[..2])?;
    // A later version may have more behind a further hyphen; what stands before is read as that of this one.
    match (version, bytes.get(LENGTH)) {
        (0xff, _) => return Err("there is no version ff"),
        (0, Some(_)) => return Err("it is too long"),
        (_, None | Some(b'-')) => {}
        (_, Some(_)) => return Err("its four parts do not stand where they should"),
    }
    let (trace_id, span_id) = (hex(&bytes[3..35])?, hex(&bytes[36..52])?);
    let flags = hex(&bytes[53..LENGTH])?;
    match (trace_id, span_id) {
        (0, _) => Err("the id of its trace is zero"),
        (_, 0) => Err("the id of its parent is zero"),
        (trace_id, span_id) => Ok(Traceparent { trace_id, span_id: span_id as u64, flags: flags as u8 & FLAGS }),
    }
}

/// Digits as the standard wants them: of lower case.
fn hex(digits: &[u8]) -> Result<u128, &'static str> {
    digits.iter().try_fold(0, |number, digit| match digit {
        b'0'..=b'9' => Ok(number << 4 | u128::from(digit - b'0')),
        b'a'..=b'f' => Ok(number << 4 | u128::from(digit - b'a' + 10)),
        _ => Err("a digit is none of 0 to 9 and a to f"),
    })
}

/// In the one version there is.
impl fmt::Display for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Traceparent { trace_id, span_id, flags } = self;
        write!(f, "00-{trace_id:032x}-{span_id:016x}-{flags:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::Traceparent;

    const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn read(text: &str) -> Result<String, &'static str> {
        text.parse::<Traceparent>().map(|parent| parent.to_string()).map_err(|error| error.why)
    }

    #[test]
    fn what_the_standard_allows_is_read_and_written_in_its_version() {
        assert_eq!(read(GOOD).as_deref(), Ok(GOOD));
        assert_eq!(read(&GOOD.replace("-01", "-00")), Ok(GOOD.replace("-01", "-00")));
        assert_eq!(read(&GOOD.replace("-01", "-03")), Ok(GOOD.replace("-01", "-03")), "random");
        assert_eq!(
            read(&GOOD.replace("-01", "-ff")),
            Ok(GOOD.replace("-01", "-03")),
            "unknown flags are not passed on"
        );
        for later in ["cc", "01", "fe"] {
            let later = GOOD.replacen("00", later, 1);
            assert_eq!(read(&later).as_deref(), Ok(GOOD));
            assert_eq!(read(&format!("{later}-what-the-future-brings")).as_deref(), Ok(GOOD));
            assert_eq!(read(&format!("{later}.what")), Err("its four parts do not stand where they should"));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let cases = [
            ("", "it is too short"),
            (&GOOD[..54], "it is too short"),
            (&GOOD.replacen("00", "ff", 1), "there is no version ff"),
            (&format!("{GOOD}-"), "it is too long"),
            (&format!("{GOOD} "), "it is too long"),
            (&format!(" {GOOD}")[..55], "its four parts do not stand where they should"),
            (&GOOD.replace('-', "_"), "its four parts do not stand where they should"),
            (&GOOD.to_uppercase(), "a digit is none of 0 to 9 and a to f"),
            (&GOOD.replace("4bf9", "4bg9"), "a digit is none of 0 to 9 and a to f"),
            (&GOOD.replace("4bf9", "+bf9"), "a digit is none of 0 to 9 and a to f"),
            (&GOOD.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32)), "the id of its trace is zero"),
            (&GOOD.replace("00f067aa0ba902b7", &"0".repeat(16)), "the id of its parent is zero"),
            (&"ü".repeat(40), "its four parts do not stand where they should"),
        ];
        for (text, why) in cases {
            assert_eq!(read(text), Err(why), "{text}");
        }
    }
}
