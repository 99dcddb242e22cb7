//! Names a trace. Knows the textual forms of an id; must not know how ids are made: that is the seam's work.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Identifies one trace: one emitted message until its one ending.
///
/// 128 bits, printed and serialised as a hyphenated lower-case UUID. The ids that the runtime makes are UUIDs of
/// version 7 (RFC 9562): they sort by the time of admission, so they make good keys of a store. An id that a caller
/// brings along ([`Message::with_trace_id`](crate::message::Message::with_trace_id)) may be any 128 bits.
///
/// ```
/// use penguiflow::id::TraceId;
///
/// let id: TraceId = "0190a6e7-2b1c-7def-8a3b-0123456789ab".parse()?;
/// assert_eq!(id, "0190a6e72b1c7def8a3b0123456789ab".parse()?);
/// assert_eq!(id.to_string(), "0190a6e7-2b1c-7def-8a3b-0123456789ab");
/// # Ok::<(), penguiflow::id::ParseTraceIdError>(())
/// ```
///
/// An id tells when its trace was admitted and can be guessed from its neighbours: it is no secret and grants nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceId(u128);

impl TraceId {
    /// Takes 128 bits as an id, unchecked: any value is one.
    ///
    /// ```
    /// use penguiflow::id::TraceId;
    /// assert_eq!(TraceId::from_u128(7).to_string(), "00000000-0000-0000-0000-000000000007");
    /// ```
    #[must_use]
    pub const fn from_u128(bits: u128) -> Self {
        Self(bits)
    }

    /// Gives the id as 128 bits, the first printed digit highest.
    #[must_use]
    pub const fn as_u128(self) -> u128 {
        self.0
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Uuid::encode_buffer();
        f.pad(Uuid::from_u128(self.0).hyphenated().encode_lower(&mut text))
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceId({self})")
    }
}

/// Reads the hyphenated form or 32 hex digits, in either case.
///
/// # Errors
///
/// Anything else, the braced and `urn:` forms of a UUID included.
impl FromStr for TraceId {
    type Err = ParseTraceIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The parser takes further forms of a UUID; their lengths tell them apart.
        if !matches!(text.len(), 32 | 36) {
            return Err(ParseTraceIdError(()));
        }
        Uuid::try_parse(text).map(|uuid| Self(uuid.as_u128())).map_err(|_| ParseTraceIdError(()))
    }
}

impl Serialize for TraceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = Uuid::encode_buffer();
        serializer.serialize_str(Uuid::from_u128(self.0).hyphenated().encode_lower(&mut text))
    }
}

impl<'de> Deserialize<'de> for TraceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = TraceId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a trace id as text")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<TraceId, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for TraceId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "TraceId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "uuid" })
    }
}

/// The text is no trace id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a trace id is a UUID: 32 hex digits, with or without the four hyphens")]
pub struct ParseTraceIdError(());

#[cfg(test)]
mod tests;
