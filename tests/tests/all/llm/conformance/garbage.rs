//! Replies that are broken in any way are answers or errors, and nothing else. Knows no format.

use super::check;
use super::fixture::Fixture;
use proptest::prelude::*;
use proptest::sample::Index;
use std::fmt::Write as _;
use std::sync::LazyLock;

/// All that have a reply of their own.
static FIXTURES: LazyLock<Vec<Fixture>> =
    LazyLock::new(|| Fixture::all().into_iter().filter(|fixture| fixture.inherited.is_none()).collect());

/// One change of a reply.
#[derive(Clone, Debug)]
enum Edit {
    Put(Index, u8),
    Take(Index, u8),
    Twice(Index, u8),
    Insert(Index, &'static str),
}

/// What changes the meaning of JSON more often than any byte does.
const WORDS: &[&str] =
    &["null", "{}", "[]", "\"\"", "-1", "1e400", "\\ud800", ",", "}", "\n\n", "data: [DONE]\n\n", "[[[[", "\u{202e}"];

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Put(at, byte)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, length)| Edit::Take(at, length)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, length)| Edit::Twice(at, length)),
        (any::<Index>(), prop::sample::select(WORDS)).prop_map(|(at, word)| Edit::Insert(at, word)),
    ]
}

fn edited(mut body: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits {
        let at = |index: &Index| index.index(body.len() + 1);
        let end = |at: usize, length: u8| (at + usize::from(length)).min(body.len());
        match edit {
            Edit::Put(index, byte) => {
                let at = at(index);
                body.splice(at..end(at, 1), [*byte]);
            }
            Edit::Take(index, length) => {
                let at = at(index);
                body.drain(at..end(at, *length));
            }
            Edit::Twice(index, length) => {
                let at = at(index);
                let again = body[at..end(at, *length)].to_vec();
                body.splice(at..at, again);
            }
            Edit::Insert(index, word) => {
                let at = at(index);
                body.splice(at..at, word.bytes());
            }
        }
    }
    body
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all");
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn a_broken_reply_is_an_answer_or_an_error(which in any::<Index>(), edits in prop::collection::vec(edit(), 1..5)) {
        let mut fixture = which.get(&FIXTURES).clone();
        // What is in messages with checksums is changed inside; the checksums have tests of their own.
        if fixture.reply.events.is_empty() {
            fixture.reply.body_hex = hex(&edited(fixture.bytes(), &edits));
        } else {
            for (number, edit) in edits.iter().enumerate() {
                let count = fixture.reply.events.len();
                let event = &mut fixture.reply.events[number * 7 % count];
                let data = edited(event.data.clone().into_bytes(), std::slice::from_ref(edit));
                event.data = String::from_utf8_lossy(&data).into_owned();
            }
        }
        prop_assume!(!fixture.bytes().is_empty());
        prop_assert_eq!(check::unsteady(&fixture), None, "{}", fixture.name());
    }
}
