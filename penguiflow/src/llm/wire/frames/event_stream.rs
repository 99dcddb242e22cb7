//! Cuts a body of binary messages, as the [event stream](https://smithy.io/2.0/aws/amazon-eventstream.html) of Amazon has them. Must not know what
//! is in them.

mod crc;

use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::wire::frames::event_stream::crc::crc32;
use crate::llm::wire::frames::{EXCEPTION, Frame};
use serde_json::json;

/// The lengths of a message and of its headers, and the checksum of both.
const PRELUDE_BYTES: usize = 12;
const CHECKSUM_BYTES: usize = 4;
/// How long a message may be. By the specification a payload has 16 MiB at most.
const MESSAGE_BYTES_MAX: usize = 16 * 1024 * 1024 + HEADERS_BYTES_MAX + PRELUDE_BYTES + CHECKSUM_BYTES;
/// How long its headers may be together, by the specification.
const HEADERS_BYTES_MAX: usize = 128 * 1024;

/// Cuts one body.
#[derive(Debug, Default)]
pub(crate) struct EventStream {
    /// What was read of a message that is not over.
    begun: Vec<u8>,
}

impl EventStream {
    /// Takes the next piece of the body, and adds the frames of the messages that end in it.
    pub(super) fn feed(&mut self, piece: &[u8], frames: &mut Vec<Frame>) -> Result<(), LlmError> {
        self.begun.extend_from_slice(piece);
        let mut from = 0;
        while let Some(rest) = self.begun.get(from..)
            && let Some(message) = next(rest)?
        {
            frames.push(frame(&message)?);
            from += message.bytes;
        }
        self.begun.drain(..from);
        Ok(())
    }

    /// The body is over.
    pub(super) fn close(&mut self) -> Result<(), LlmError> {
        if self.begun.is_empty() {
            return Ok(());
        }
        let why = format!("the stream broke off {} bytes into a message", self.begun.len());
        Err(LlmError::new(LlmErrorKind::Transport, why))
    }
}

/// One message, with its checksums found right.
struct Message<'a> {
    headers: &'a [u8],
    payload: &'a [u8],
    /// How long it is, with all.
    bytes: usize,
}

/// The message at the beginning, if all of it is there. Nothing of it is waited for before its lengths are known to be right.
fn next(bytes: &[u8]) -> Result<Option<Message<'_>>, LlmError> {
    let Some((lengths, rest)) = bytes.split_at_checked(PRELUDE_BYTES - CHECKSUM_BYTES) else { return Ok(None) };
    let (Some(length), Some(headers_length), Some(checksum)) = (number(lengths), number_at(lengths, 4), number(rest))
    else {
        return Ok(None);
    };
    if crc32(lengths) != checksum {
        return Err(broken("the checksum of its lengths is wrong"));
    }
    let (length, headers_length) = (length as usize, headers_length as usize);
    if length > MESSAGE_BYTES_MAX || headers_length > HEADERS_BYTES_MAX {
        return Err(LlmError::new(LlmErrorKind::TooLarge, format!("a message of its stream has {length} bytes")));
    }
    if length < PRELUDE_BYTES + headers_length + CHECKSUM_BYTES {
        return Err(broken("its headers are longer than it is"));
    }
    let Some(message) = bytes.get(..length) else { return Ok(None) };
    let (content, checksum) = message.split_at(length - CHECKSUM_BYTES);
    if number(checksum) != Some(crc32(content)) {
        return Err(broken("its checksum is wrong"));
    }
    let (headers, payload) = content.split_at(PRELUDE_BYTES + headers_length);
    Ok(Some(Message { headers: headers.get(PRELUDE_BYTES..).unwrap_or_default(), payload, bytes: length }))
}

fn frame(message: &Message<'_>) -> Result<Frame, LlmError> {
    let mut names = Names::default();
    let mut headers = message.headers;
    while !headers.is_empty() {
        headers = header(headers, &mut names).ok_or_else(|| broken("its headers cannot be read"))?;
    }
    let payload = || {
        let text = std::str::from_utf8(message.payload);
        text.map(str::to_owned).map_err(|error| broken("it is no UTF-8").with_source(error))
    };
    let exception = |name: &str| format!("{EXCEPTION}{name}");
    match names.message_type {
        "event" => Ok(Frame { event: names.event_type.to_owned(), data: payload()? }),
        "exception" => Ok(Frame { event: exception(names.exception_type), data: payload()? }),
        "error" => {
            let data = json!({ "message": names.error_message }).to_string();
            Ok(Frame { event: exception(names.error_code), data })
        }
        _ => Err(broken("its `:message-type` is none that there is")),
    }
}

/// The headers that say what a message is. The others are about its bytes.
#[derive(Default)]
struct Names<'a> {
    message_type: &'a str,
    event_type: &'a str,
    exception_type: &'a str,
    error_code: &'a str,
    error_message: &'a str,
}

/// Reads one header, and gives what stands behind it.
fn header<'a>(bytes: &'a [u8], names: &mut Names<'a>) -> Option<&'a [u8]> {
    let (&length, bytes) = bytes.split_first()?;
    let (name, bytes) = bytes.split_at_checked(length.into())?;
    let (&kind, bytes) = bytes.split_first()?;
    let length = match kind {
        // True and false.
        0 | 1 => 0,
        2 => 1,
        3 => 2,
        4 => 4,
        // A long number and a time.
        5 | 8 => 8,
        // Bytes and text.
        6 | 7 => {
            let (length, bytes) = bytes.split_at_checked(2)?;
            let length = u16::from_be_bytes(length.try_into().ok()?);
            let (value, rest) = bytes.split_at_checked(length.into())?;
            if kind == 7 {
                names.note(name, std::str::from_utf8(value).ok()?);
            }
            return Some(rest);
        }
        // A UUID.
        9 => 16,
        _ => return None,
    };
    bytes.get(length..)
}

impl<'a> Names<'a> {
    fn note(&mut self, name: &[u8], value: &'a str) {
        match name {
            b":message-type" => self.message_type = value,
            b":event-type" => self.event_type = value,
            b":exception-type" => self.exception_type = value,
            b":error-code" => self.error_code = value,
            b":error-message" => self.error_message = value,
            _ => {}
        }
    }
}

fn number(bytes: &[u8]) -> Option<u32> {
    number_at(bytes, 0)
}

fn number_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn broken(why: &str) -> LlmError {
    LlmError::new(LlmErrorKind::ContentParse, format!("a message of the stream is broken: {why}"))
}

#[cfg(test)]
mod tests;
