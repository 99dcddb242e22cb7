//! Writes binary messages as [Amazon's event stream](https://smithy.io/2.0/aws/amazon-eventstream.html) has them. Must not know what is in them.

use serde::Deserialize;

/// One message.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    /// The name of an event, or
    #[serde(default)]
    event: String,
    /// that of an exception.
    #[serde(default)]
    exception: String,
    pub(super) data: String,
}

/// The messages, one behind the other.
pub(super) fn body(messages: &[Message]) -> Vec<u8> {
    messages.iter().flat_map(message).collect()
}

fn message(message: &Message) -> Vec<u8> {
    let names = if message.exception.is_empty() {
        [(":message-type", "event"), (":event-type", message.event.as_str())]
    } else {
        [(":message-type", "exception"), (":exception-type", message.exception.as_str())]
    };
    let mut headers = Vec::new();
    for (name, value) in names.into_iter().chain([(":content-type", "application/json")]) {
        headers.push(u8::try_from(name.len()).expect("a name is short"));
        headers.extend(name.bytes());
        // The type of a text.
        headers.push(7);
        headers.extend(u16::try_from(value.len()).expect("a value is short").to_be_bytes());
        headers.extend(value.bytes());
    }
    let number = |bytes: usize| u32::try_from(bytes).expect("a message is short").to_be_bytes();
    let mut written = [number(16 + headers.len() + message.data.len()), number(headers.len())].concat();
    written.extend(checksum(&written).to_be_bytes());
    written.extend(headers.into_iter().chain(message.data.bytes()));
    written.extend(checksum(&written).to_be_bytes());
    written
}

/// CRC-32, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let bits = bytes.iter().flat_map(|byte| (0..8).map(move |bit| u32::from(byte >> bit & 1)));
    !bits.fold(u32::MAX, |sum, bit| (sum >> 1) ^ if (sum ^ bit) & 1 == 1 { 0xEDB8_8320 } else { 0 })
}
