//! What the cutter of streams gives, wherever the network cuts. Unit tests.

use super::{Cutter, Frame, Framing};
use proptest::prelude::*;

fn cut<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Frame> {
    let (mut cutter, mut frames) = (Cutter::new(Framing::Sse), Vec::new());
    for piece in pieces {
        cutter.feed(piece, &mut frames).expect("it is UTF-8");
    }
    cutter.close(&mut frames).expect("it is UTF-8");
    frames
}

fn frame(event: &str, data: &str) -> Frame {
    Frame { event: event.to_owned(), data: data.to_owned() }
}

#[test]
fn fields_comments_and_breaks_are_read_as_the_standard_says() {
    let body =
        b"\xef\xbb\xbf: hello\nevent: a\ndata: one\ndata:two\r\n\r\nid: 7\ndata\n\nevent: b\n\ndata: {\"x\": 1}\r\r";
    assert_eq!(cut([&body[..]]), [frame("a", "one\ntwo"), frame("", ""), frame("", "{\"x\": 1}")]);
}

#[test]
fn an_event_that_no_empty_line_ends_counts() {
    assert_eq!(cut([&b"data: one\n\ndata: [DONE]"[..]]), [frame("", "one"), frame("", "[DONE]")]);
}

#[test]
fn text_that_is_no_utf_8_is_refused() {
    let mut cutter = Cutter::new(Framing::Sse);
    let error = cutter.feed(b"data: \xff\n\n", &mut Vec::new()).expect_err("it is no UTF-8");
    assert_eq!(error.kind().code(), "content_parse");
}

proptest! {
    #[test]
    fn it_does_not_matter_where_the_body_is_cut(
        body in "(data|event|id|:|[a-zé]{0,3})[: ]{0,2}[a-zé😀\r\n:]{0,6}(\r\n|\n|\r)(.{0,8}(\r\n\r\n|\n|\r)){0,6}",
        at in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let bytes = body.as_bytes();
        let mut at: Vec<usize> = at.iter().map(|index| index.index(bytes.len() + 1)).collect();
        at.sort_unstable();
        let (mut pieces, mut from) = (Vec::new(), 0);
        for to in at.into_iter().chain([bytes.len()]) {
            pieces.push(&bytes[from..to]);
            from = to;
        }
        prop_assert_eq!(cut(pieces), cut([bytes]));
        prop_assert_eq!(cut(bytes.chunks(1)), cut([bytes]));
    }
}
