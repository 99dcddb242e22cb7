//! `<think>` tags, wherever a stream cuts them.

use crate::llm::wire::openai::think::{Piece, Think};
use proptest::prelude::*;

/// All thoughts, and all other text.
fn split<'a>(pieces: impl IntoIterator<Item = &'a str>) -> (String, String) {
    let (mut think, mut told) = (Think::default(), Vec::new());
    pieces.into_iter().for_each(|piece| think.feed(piece, &mut told));
    think.close(&mut told);
    told.into_iter().fold(Default::default(), |(thoughts, text), piece| match piece {
        Piece::Thought(more) => (thoughts + &more, text),
        Piece::Text(more) => (thoughts, text + &more),
    })
}

fn pair(thoughts: &str, text: &str) -> (String, String) {
    (thoughts.to_owned(), text.to_owned())
}

#[test]
fn what_stands_in_tags_is_a_thought() {
    assert_eq!(split(["<think>\nHmm.\n</think>\n\nKrill."]), pair("Hmm.\n", "Krill."));
    assert_eq!(split(["<th", "ink>H", "m</thi", "nk", ">", "\n", "Krill."]), pair("Hm", "Krill."));
    assert_eq!(split(["a <think>b</think> c <think>d</think>e"]), pair("bd", "a c e"));
    assert_eq!(split(["no tag at all"]), pair("", "no tag at all"));
    assert_eq!(split(["a < b, <thin ice, </think"]), pair("", "a < b, <thin ice, </think"));
    assert_eq!(split(["<think>never closed </thin"]), pair("never closed </thin", ""));
    assert_eq!(split(["<think></think>x"]), pair("", "x"));
    assert_eq!(split(["über<", "think>é</think>ü"]), pair("é", "überü"));
}

proptest! {
    #[test]
    fn it_does_not_matter_where_the_text_is_cut(
        parts in proptest::collection::vec(proptest::sample::select(vec!["<think>", "</think>", "<", "</", "think", ">", "é", " ", "\n", "x"]), 0..24),
        at in proptest::collection::vec(any::<proptest::sample::Index>(), 0..6),
    ) {
        let text = parts.concat();
        let mut at: Vec<usize> = at.into_iter().map(|at| at.index(text.len() + 1)).filter(|at| text.is_char_boundary(*at)).collect();
        at.extend([0, text.len()]);
        at.sort_unstable();
        prop_assert_eq!(split(at.windows(2).map(|pair| &text[pair[0]..pair[1]])), split([text.as_str()]));
    }
}
