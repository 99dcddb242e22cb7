//! How fast long streamed answers are read, from the bytes of the network to the events of the client.

use crate::answers::{self, Format, Wire};
use crate::canned::Canned;
use crate::limits::{Row, Unit};
use crate::measure::{Id, Lab, now};
use crate::warm;
use futures_util::StreamExt as _;
use penguiflow::llm::ChatEvent;
use serde::Deserialize;
use std::borrow::Cow;
use std::hint::black_box;
use std::rc::Rc;
use tokio::runtime::Runtime;

/// About how long a body is.
const BYTES: usize = 2_000_000;
/// How many letters of arguments a chunk has: about a token.
const LETTERS: usize = 5;

/// A stream that is read again and again.
struct Work {
    name: String,
    id: Id,
    bytes: usize,
    chunks: usize,
    by_hand: Option<Id>,
}

/// All works, to be read after the lab has run.
pub struct Works(Vec<Work>);

/// Adds all works.
pub fn works(lab: &mut Lab, runtime: &Rc<Runtime>) -> Works {
    let mut works = Vec::new();
    for format in [Format::OpenAi, Format::Anthropic, Format::Gemini] {
        let text = answers::text(format, BYTES);
        let by_hand = (format == Format::OpenAi).then(|| by_hand(lab, &text));
        works.push(Work { by_hand, ..work(lab, runtime, format, "text", text) });
        // The names of the fields make up most of a chunk.
        let said = if format == Format::Gemini { BYTES } else { BYTES * LETTERS / 200 };
        let call = answers::call(format, "record", &answers::records(said), LETTERS);
        works.push(work(lab, runtime, format, "arguments of a tool", call));
    }
    Works(works)
}

fn work(lab: &mut Lab, runtime: &Rc<Runtime>, format: Format, what: &str, wire: Wire) -> Work {
    let name = match format {
        Format::OpenAi => "OpenAI",
        Format::Anthropic => "Anthropic",
        Format::Gemini => "Gemini",
    };
    let (runtime, client) = (runtime.clone(), Canned::streamed(&wire.body).client(format));
    let Wire { said, chunks, body } = wire;
    let id = lab.time_part(warm(move || {
        runtime.block_on(async {
            let start = now();
            let mut answer = client.chat("What do penguins eat?").stream();
            let mut read = 0;
            while let Some(event) = answer.next().await {
                read += match event.expect("answers") {
                    ChatEvent::Text { text, .. } => text.len(),
                    ChatEvent::Arguments { json, .. } => json.len(),
                    _ => 0,
                };
            }
            let took = start.elapsed();
            // Gemini's arguments are written anew, without blanks.
            assert!(read == said || format == Format::Gemini && read > said / 2, "{read} of {said}");
            took
        })
    }));
    Work { name: format!("{name}, {what}"), id, bytes: body.len(), chunks, by_hand: None }
}

#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow)]
    choices: Vec<Choice<'a>>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow)]
    delta: Delta<'a>,
}

#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(borrow)]
    content: Option<Cow<'a, str>>,
}

/// Lines that serde reads, in one piece, without a word about who, why and how much.
fn by_hand(lab: &mut Lab, wire: &Wire) -> Id {
    let (body, said) = (wire.body.clone(), wire.said);
    lab.time_part(warm(move || {
        let start = now();
        let mut text = String::new();
        for line in black_box(&body).lines().filter_map(|line| line.strip_prefix("data: ")) {
            let Ok(chunk) = serde_json::from_str::<Chunk<'_>>(line) else { continue };
            if let Some(content) = chunk.choices.first().and_then(|choice| choice.delta.content.as_deref()) {
                text.push_str(content);
            }
        }
        assert_eq!(black_box(text).len(), said);
        start.elapsed()
    }))
}

/// The rows of what the lab has measured.
pub fn rows(lab: &Lab, works: &Works) -> Vec<Row> {
    let row = |work: &Work| {
        let rate = |id| work.bytes as f64 * 1e3 / lab.nanos(id);
        let row = Row::new(format!("stream of {}", work.name), Unit::Mbps, rate(work.id))
            .within(100.0, "some 3,000 models that write 100 tokens a second, on one core");
        match work.by_hand {
            Some(id) => row.by_hand(rate(id)),
            None => row,
        }
    };
    let mut rows: Vec<Row> = works.0.iter().map(row).collect();
    if let Some(first) = works.0.first() {
        let us = lab.nanos(first.id) / 1e3 / first.chunks as f64;
        rows.push(
            Row::new("a token of OpenAI's text, from bytes to event", Unit::Us, us)
                .within(3.0, "1/3,000 of the 10 ms until the next one"),
        );
    }
    rows
}
