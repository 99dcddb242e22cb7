//! Amounts of money as whole numbers. Must not know who spends.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How many pico-dollars a dollar has.
const DOLLAR: u64 = 1_000_000_000_000;
const DIGITS: usize = 12;

/// An amount of US dollars, in whole pico-dollars: the price of one token of a cheap model is exact, and adding up loses nothing.
///
/// ```
/// use penguiflow::Money;
///
/// let half: Money = "0.50".parse()?;
/// assert_eq!(half, Money::from_micros(500_000));
/// assert_eq!((half + half).to_string(), "$1.00");
/// assert_eq!("0.000000075".parse::<Money>()?.to_string(), "$0.000000075");
/// # Ok::<_, penguiflow::MoneyError>(())
/// ```
///
/// *Limits*: up to $18,446,744; what would be more stays there, what would be less than nothing is nothing. There is no way from
/// or into a float. With serde a decimal string, `"0.50"`, and so says its JSON schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(u64);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);
    /// The most that can be told.
    pub const MAX: Money = Money(u64::MAX);

    /// An amount of pico-dollars, millionths of a micro-dollar.
    #[must_use]
    pub const fn from_picos(picos: u64) -> Self {
        Money(picos)
    }

    /// An amount of micro-dollars. A price of 75 micro-dollars for a thousand tokens is one of 75,000 pico-dollars a token.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Money(micros.saturating_mul(DOLLAR / 1_000_000))
    }

    /// An amount of cents.
    #[must_use]
    pub const fn from_cents(cents: u64) -> Self {
        Money(cents.saturating_mul(DOLLAR / 100))
    }

    /// The amount in pico-dollars.
    #[must_use]
    pub const fn picos(self) -> u64 {
        self.0
    }

    /// The sum; nothing if it is too large.
    #[must_use]
    pub const fn checked_add(self, other: Money) -> Option<Money> {
        match self.0.checked_add(other.0) {
            Some(picos) => Some(Money(picos)),
            None => None,
        }
    }

    /// The difference, at least nothing.
    #[must_use]
    pub const fn saturating_sub(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }

    /// So many times the amount, say a token's price.
    #[must_use]
    pub const fn times(self, count: u64) -> Money {
        Money(self.0.saturating_mul(count))
    }
}

/// Saturates at [`Money::MAX`].
impl std::ops::Add for Money {
    type Output = Money;

    fn add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}", Decimal(self.0))
    }
}

/// At least two digits behind the point, and no zeros behind those.
struct Decimal(u64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = format!("{:0DIGITS$}", self.0 % DOLLAR);
        let (cents, rest) = fraction.split_at(2);
        write!(f, "{}.{cents}{}", self.0 / DOLLAR, rest.trim_end_matches('0'))
    }
}

/// Why a text is no amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// It is no decimal number such as `0.50`; a sign or an exponent is none of it.
    #[error("no amount of dollars: write digits and at most one point, `0.50`")]
    NotDecimal,
    /// It has more than 12 digits behind the point.
    #[error("an amount of dollars has at most 12 digits behind the point")]
    TooFine,
    /// It is more than [`Money::MAX`].
    #[error("an amount of dollars is at most 18446744")]
    TooLarge,
}

/// Reads `0.50`, `$0.50`, `12` and `0.000_75`, exactly.
impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let text = text.strip_prefix('$').unwrap_or(text);
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| -> Result<String, MoneyError> {
            let begins = part.starts_with(|c: char| c.is_ascii_digit());
            let fits = begins && part.chars().all(|c| c.is_ascii_digit() || c == '_');
            if fits { Ok(part.replace('_', "")) } else { Err(MoneyError::NotDecimal) }
        };
        let (whole, fraction) = (digits(whole)?, digits(fraction)?);
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > DIGITS {
            return Err(MoneyError::TooFine);
        }
        let dollars: u64 = whole.parse().map_err(|_| MoneyError::TooLarge)?;
        let picos: u64 = format!("{fraction:0<DIGITS$}").parse().map_err(|_| MoneyError::TooFine)?;
        let sum = dollars.checked_mul(DOLLAR).and_then(|whole| whole.checked_add(picos));
        sum.map(Money).ok_or(MoneyError::TooLarge)
    }
}

impl JsonSchema for Money {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Money".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": r"^\$?[0-9][0-9_]*(\.[0-9][0-9_]*)?$" })
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Decimal(self.0))
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
