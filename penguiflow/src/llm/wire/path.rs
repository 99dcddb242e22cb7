//! Writes a name as one part of a path. Must not know whose.

use std::fmt::Write as _;

/// The name with everything but letters, digits and `-._~` as `%XX`: <https://www.rfc-editor.org/rfc/rfc3986#section-2.1>.
pub(crate) fn segment(name: &str) -> String {
    let mut written = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            written.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(written, "%{byte:02X}");
        }
    }
    written
}

#[cfg(test)]
mod tests;
