//! What the cutter of event streams gives, wherever the network cuts, and that nothing broken comes through. Unit tests.

use super::crc::crc32;
use crate::llm::error::LlmError;
use crate::llm::wire::driver::{exception, message};
use crate::llm::wire::frames::{Cutter, Frame, Framing};
use proptest::prelude::*;

fn cut<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Frame>, LlmError> {
    let (mut cutter, mut frames) = (Cutter::new(Framing::EventStream), Vec::new());
    for piece in pieces {
        cutter.feed(piece, &mut frames)?;
    }
    cutter.close(&mut frames)?;
    Ok(frames)
}

fn code(body: &[u8]) -> &'static str {
    cut([body]).expect_err("it is broken").kind().code()
}

fn frame(event: &str, data: &str) -> Frame {
    Frame { event: event.to_owned(), data: data.to_owned() }
}

#[test]
fn the_checksum_is_the_known_one() {
    // The check value of CRC-32/ISO-HDLC, as https://reveng.sourceforge.io/crc-catalogue/17plus.htm lists it.
    assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    assert_eq!(crc32(b""), 0);
}

#[test]
fn events_and_exceptions_are_frames_of_their_type() {
    let mut body = message("messageStart", r#"{"role":"assistant"}"#);
    body.extend(exception("throttlingException", r#"{"message":"slow"}"#));
    let frames = [
        frame("messageStart", r#"{"role":"assistant"}"#),
        frame("exception:throttlingException", r#"{"message":"slow"}"#),
    ];
    assert_eq!(cut([&body[..]]).expect("it is whole"), frames);
}

#[test]
fn an_error_without_a_payload_is_an_exception_of_its_code() {
    let headers = [(":message-type", "error"), (":error-code", "InternalFailure"), (":error-message", "it \"broke\"")];
    let body = crate::llm::wire::driver::binary(&headers, "");
    let frames = [frame("exception:InternalFailure", r#"{"message":"it \"broke\""}"#)];
    assert_eq!(cut([&body[..]]).expect("it is whole"), frames);
}

#[test]
fn headers_of_every_type_are_passed_over() {
    let mut headers = Vec::new();
    for (kind, bytes) in [(0, 0), (1, 0), (2, 1), (3, 2), (4, 4), (5, 8), (8, 8), (9, 16)] {
        headers.extend([1, b'x', kind]);
        headers.extend(vec![7; bytes]);
    }
    headers.extend([1, b'x', 6, 0, 2, 0xFF, 0xFF]);
    headers.extend([13]);
    headers.extend(b":message-type");
    headers.extend([7, 0, 5]);
    headers.extend(b"event");
    let body = sealed(&headers, b"{}");
    assert_eq!(cut([&body[..]]).expect("it is whole"), [frame("", "{}")]);
    for broken in [&[1][..], &[1, b'x'], &[1, b'x', 10], &[1, b'x', 7, 0], &[1, b'x', 7, 0, 9, b'y'], &[1, b'x', 4, 0]]
    {
        assert_eq!(code(&sealed(broken, b"{}")), "content_parse");
    }
    // It says of no type what it is.
    assert_eq!(code(&sealed(&[], b"{}")), "content_parse");
}

fn sealed(headers: &[u8], payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(16 + headers.len() + payload.len()).expect("it is short");
    let mut bytes = length.to_be_bytes().to_vec();
    bytes.extend(u32::try_from(headers.len()).expect("it is short").to_be_bytes());
    bytes.extend(crc32(&bytes).to_be_bytes());
    bytes.extend(headers.iter().chain(payload));
    bytes.extend(crc32(&bytes).to_be_bytes());
    bytes
}

/// Lengths whose checksum is right.
fn prelude(length: u32, headers: u32) -> Vec<u8> {
    let mut bytes = [length.to_be_bytes(), headers.to_be_bytes()].concat();
    bytes.extend(crc32(&bytes).to_be_bytes());
    bytes
}

#[test]
fn lengths_are_believed_only_within_their_limits() {
    assert_eq!(code(&prelude(u32::MAX, 0)), "too_large");
    assert_eq!(code(&prelude(1_000_000, 200_000)), "too_large");
    assert_eq!(code(&prelude(20, 5)), "content_parse");
    assert_eq!(code(&prelude(0, 0)), "content_parse");
    // Everything before the last byte may still become one.
    let body = message("messageStop", "{}");
    assert_eq!(code(&body[..body.len() - 1]), "transport");
    assert_eq!(code(&body[..3]), "transport");
    assert_eq!(cut([&b""[..]]).expect("there is none"), []);
}

#[test]
fn a_payload_that_is_no_utf_8_is_refused() {
    let mut headers = vec![13];
    headers.extend(b":message-type");
    headers.extend([7, 0, 5]);
    headers.extend(b"event");
    assert_eq!(code(&sealed(&headers, b"\xff")), "content_parse");
}

proptest! {
    #[test]
    fn it_does_not_matter_where_the_body_is_cut(
        events in prop::collection::vec(("[a-zA-Z]{0,20}", ".{0,40}"), 0..5),
        at in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let body: Vec<u8> = events.iter().flat_map(|(event, data)| message(event, data)).collect();
        let mut at: Vec<usize> = at.iter().map(|index| index.index(body.len() + 1)).collect();
        at.sort_unstable();
        let (mut pieces, mut from) = (Vec::new(), 0);
        for to in at.into_iter().chain([body.len()]) {
            pieces.push(&body[from..to]);
            from = to;
        }
        let expected: Vec<Frame> = events.iter().map(|(event, data)| frame(event, data)).collect();
        prop_assert_eq!(&cut(pieces).expect("it is whole"), &expected);
        prop_assert_eq!(&cut(body.chunks(1)).expect("it is whole"), &expected);
    }

    #[test]
    fn a_byte_that_was_changed_is_noticed(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut body = message("contentBlockDelta", r#"{"delta":{"text":"krill"}}"#);
        let at = at.index(body.len());
        body[at] ^= flip;
        prop_assert!(cut([&body[..]]).is_err());
    }

    #[test]
    fn whatever_comes_nothing_breaks(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let (mut cutter, mut frames) = (Cutter::new(Framing::EventStream), Vec::new());
        let fed = cutter.feed(&body, &mut frames);
        prop_assert!(frames.is_empty());
        prop_assert!(fed.is_err() || body.len() < 12 || cutter.close(&mut frames).is_err());
    }
}
