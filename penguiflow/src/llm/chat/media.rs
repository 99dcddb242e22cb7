//! Pictures and sounds in messages. Must not know how a provider writes them, and fetches nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// A picture.
///
/// ```
/// use penguiflow::llm::{Detail, Image};
///
/// let scan = Image::bytes("image/png", vec![0x89, b'P', b'N', b'G']).with_detail(Detail::Low);
/// assert_eq!(scan.media_type, "image/png");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Image {
    /// Its media type, such as `image/png`. Empty where it is named by a URL and the type is not known.
    pub media_type: String,
    /// Where it is.
    pub source: Source,
    /// How closely the model is to look.
    #[serde(default)]
    pub detail: Detail,
}

impl Image {
    /// A picture whose bytes are here.
    #[must_use]
    pub fn bytes(media_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Image { media_type: media_type.into(), source: Source::Bytes(bytes.into()), detail: Detail::Auto }
    }

    /// A picture that the provider fetches. We do not: whether it may is the provider's own rule.
    #[must_use]
    pub fn url(url: impl Into<String>) -> Self {
        Image { media_type: String::new(), source: Source::Url(url.into()), detail: Detail::Auto }
    }

    /// With another detail than [`Detail::Auto`].
    #[must_use]
    pub fn with_detail(self, detail: Detail) -> Self {
        Image { detail, ..self }
    }
}

/// A sound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Audio {
    /// Its media type, such as `audio/wav`.
    pub media_type: String,
    /// What it holds.
    pub bytes: Bytes,
}

impl Audio {
    /// A sound whose bytes are here.
    #[must_use]
    pub fn bytes(media_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Audio { media_type: media_type.into(), bytes: bytes.into() }
    }
}

/// Where a picture is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// Here.
    Bytes(Bytes),
    /// There, for the provider to fetch.
    Url(String),
}

/// How closely a model is to look at a picture, where a provider lets one choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Detail {
    /// As the provider thinks best.
    #[default]
    Auto,
    /// For few tokens.
    Low,
    /// For many.
    High,
}

/// Bytes that are shared and not copied. With serde a base64 string; `Debug` shows how many there are.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes(Arc<[u8]>);

impl Bytes {
    /// The bytes in base64, as providers want them.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }
}

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes(bytes.into())
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Bytes(bytes.into())
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_base64())
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Bytes::from).map_err(serde::de::Error::custom)
    }
}
