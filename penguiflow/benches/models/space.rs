//! What a long answer takes of memory. Counted, not timed, so one run is enough.

use crate::answers::{self, Format};
use crate::canned::Canned;
use crate::heap::used;
use crate::limits::{Row, Unit};
use futures_util::StreamExt as _;
use tokio::runtime::Runtime;

/// How long the text of the answer is.
const TEXT: usize = 1_000_000;

/// The most that is held at once, to the length of the text.
pub fn rows(runtime: &Runtime) -> Vec<Row> {
    let text = "The penguin eats krill. ".repeat(TEXT / 24);
    let whole = Canned::whole(&answers::whole(&text)).client(Format::OpenAi);
    // Whose body is that much longer.
    let wire = answers::text(Format::OpenAi, TEXT * 48);
    let streamed = Canned::streamed(&wire.body).client(Format::OpenAi);
    let read_whole = || runtime.block_on(async { whole.chat("What do penguins eat?").await.expect("answers") });
    let read = || {
        runtime.block_on(async {
            let mut answer = streamed.chat("What do penguins eat?").stream();
            while let Some(event) = answer.next().await {
                event.expect("answers");
            }
            answer.finish().await.expect("answers")
        })
    };
    let times = |name, said: usize, peak: f64| {
        Row::new(name, Unit::Times, peak / said as f64)
            .within(4.0, "what is read, what is made of it, and that a growing text doubles its room")
    };
    let (answer, in_one) = used(read_whole);
    assert_eq!(answer.text().len(), text.len());
    let (answer, in_steps) = used(read);
    assert_eq!(answer.text().len(), wire.said);
    vec![
        times("peak memory of an answer of 1 MB, whole", text.len(), in_one.peak),
        times("peak memory of an answer of 1 MB, streamed", wire.said, in_steps.peak),
    ]
}
