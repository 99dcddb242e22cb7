//! How fast values are read out of what a model writes.

use crate::answers::{self, Format};
use crate::canned::Canned;
use crate::limits::{Row, Unit};
use crate::measure::{Id, Lab, now};
use crate::warm;
use penguiflow::llm::{Partial, lenient};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::hint::black_box;
use std::rc::Rc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// How long the JSON is that is read while it is written.
const BYTES: usize = 1_000_000;
/// How long an answer is that is read as it stands.
const ANSWER: usize = 100_000;

/// What was caught where.
#[derive(Deserialize, JsonSchema)]
struct Catches {
    catches: Vec<Catch>,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "they are read, and by nobody looked at")]
struct Catch {
    species: String,
    tons: u32,
    fresh: bool,
    place: String,
}

/// All works, to be read after the lab has run.
pub struct Works {
    partial: [(usize, Id); 2],
    whole: Id,
    last: [Id; 2],
    lenient: [Id; 3],
    strict: Id,
}

/// Adds all works.
pub fn works(lab: &mut Lab, runtime: &Rc<Runtime>) -> Works {
    let json = answers::records(BYTES);
    let answer = answers::records(ANSWER);
    let fenced = format!("Here is what was caught:\n```json\n{answer}\n```\nAsk for more.");
    let broken = answer.replace("true", "True").replace("}, {", "}, {,").replace("{,", "{");
    let typed = |lab: &mut Lab, text: String| {
        lab.time_part(warm(move || {
            let start = now();
            let read = lenient::read::<Catches>(black_box(&text)).expect("is one");
            assert!(!read.value.catches.is_empty());
            start.elapsed()
        }))
    };
    Works {
        partial: [5, 100].map(|letters| (letters, partial(lab, &json, letters))),
        whole: {
            let json = json.clone();
            lab.time_part(warm(move || {
                let start = now();
                black_box(serde_json::from_str::<Value>(black_box(&json)).expect("is JSON"));
                start.elapsed()
            }))
        },
        last: [1_000, ANSWER].map(|bytes| lab.time_part(warm(last(runtime.clone(), bytes)))),
        lenient: [typed(lab, answer.clone()), typed(lab, fenced), typed(lab, broken)],
        strict: lab.time_part(warm(move || {
            let start = now();
            black_box(serde_json::from_str::<Catches>(black_box(&answer)).expect("is one"));
            start.elapsed()
        })),
    }
}

fn partial(lab: &mut Lab, json: &str, letters: usize) -> Id {
    let json = json.to_owned();
    lab.time_part(warm(move || {
        let start = now();
        let mut partial = Partial::new();
        let mut rest = black_box(json.as_str());
        while !rest.is_empty() {
            let (piece, behind) = rest.split_at(letters.min(rest.len()));
            partial.push(piece);
            black_box(partial.value());
            rest = behind;
        }
        assert!(partial.is_complete());
        start.elapsed()
    }))
}

/// From the last piece of the body to the value.
fn last(runtime: Rc<Runtime>, bytes: usize) -> impl FnMut() -> Duration {
    let wire = answers::call(Format::OpenAi, "structured_output", &answers::records(bytes), 5);
    let canned = Canned::streamed(&wire.body);
    let client = canned.client(Format::OpenAi);
    move || {
        runtime.block_on(async {
            let asked = client.generate::<Catches>("What was caught?").with_mode(penguiflow::llm::OutputMode::Tool);
            let made = asked.stream().finish().await.expect("is one");
            let took = canned.last().elapsed();
            assert!(!made.value.catches.is_empty());
            took
        })
    }
}

/// The rows of what the lab has measured.
pub fn rows(lab: &Lab, works: &Works) -> Vec<Row> {
    let us = |id| lab.nanos(id) / 1e3;
    let rate = |bytes: usize, id| bytes as f64 * 1e3 / lab.nanos(id);
    let beyond = "far beyond what a model writes";
    let partial = works.partial.map(|(letters, id)| {
        Row::new(format!("`Partial`, {letters} letters a push"), Unit::Mbps, rate(BYTES, id))
            .by_hand(rate(BYTES, works.whole))
            .within(20.0, "some 50,000 models that write 100 tokens a second, on one core")
    });
    let [strict, fenced, broken] = works.lenient;
    let mut rows = Vec::from(partial);
    rows.extend([
        Row::new("last piece of a call to its value of 1 KB", Unit::Us, us(works.last[0]))
            .within(500.0, "1/1,000 of a call of 500 ms; the piece is 16 KiB of the stream"),
        Row::new("last piece of a call to its value of 100 KB", Unit::Us, us(works.last[1]))
            .within(5_000.0, "1/50,000 of the 4 minutes in which they are written"),
        Row::new("`lenient::read` of 100 KB of JSON", Unit::Mbps, rate(ANSWER, strict))
            .by_hand(rate(ANSWER, works.strict))
            .within(50.0, beyond),
        Row::new("`lenient::read` of 100 KB in a fence, among words", Unit::Mbps, rate(ANSWER, fenced))
            .within(20.0, beyond),
        Row::new("`lenient::read` of 100 KB with Python's words", Unit::Mbps, rate(ANSWER, broken))
            .within(20.0, beyond),
    ]);
    rows
}
