//! What calls with the same key at the same address have in common, without the key. Must not know limits.

use crate::llm::key::KeySource;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// The provider's name, and a mark that is the same for the same address and key.
///
/// The mark is 48 bits of SipHash with fixed keys: it tells keys apart, and no key can be read from it, as keys are long and drawn
/// at random.
pub(crate) fn of(provider: &str, base_url: &str, key: Option<&dyn KeySource>) -> String {
    let mut hasher = DefaultHasher::new();
    (base_url, key.and_then(KeySource::mark)).hash(&mut hasher);
    format!("{provider}#{:012x}", hasher.finish() >> 16)
}
