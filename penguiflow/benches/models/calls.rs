//! What a call costs when the model answers at once: the client, with and without a trace and its budget.

use crate::answers::{self, Format};
use crate::canned::Canned;
use crate::heap::used;
use crate::limits::{Row, Unit};
use crate::measure::{Id, Lab};
use futures_util::{StreamExt as _, stream};
use penguiflow::Provides;
use penguiflow::clock::Seam;
use penguiflow::llm::{
    Call, ChatEvent, ChatRequest, Delivery, End, Finish, LlmClient, LlmError, Model, ModelInfo, ModelStream, Price,
    Profile, Usage,
};
use penguiflow::prelude::*;
use std::rc::Rc;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// How many calls one trace makes.
const CALLS: u64 = 100;

/// Says yes.
#[derive(Clone)]
struct Yes(ModelInfo);

impl Yes {
    fn new() -> Self {
        let mut profile = Profile::default();
        profile.output_tokens = Some(1_000);
        let price = |usd: &str| usd.parse().expect("is an amount");
        profile.price = Some(Price::per_million(price("0.15"), price("0.60")));
        Yes(ModelInfo::new("test", "yes").with_profile(profile))
    }
}

impl Model for Yes {
    fn info(&self) -> &ModelInfo {
        &self.0
    }

    fn stream(&self, _: Arc<ChatRequest>, _: Call) -> ModelStream {
        let yes = ChatEvent::Text { part: 0, text: "yes".to_owned() };
        let end = ChatEvent::End(End::new(Finish::Stop).with_usage(Usage::new(10, 1)));
        Box::pin(stream::iter([Ok(yes), Ok(end)]))
    }
}

/// What the flow knows.
#[derive(Provides)]
struct App {
    client: LlmClient,
}

/// Asks as often as the message says.
#[node]
async fn ask(times: u64, ctx: &Ctx, State(client): State<'_, LlmClient>) -> Result<u64, LlmError> {
    for _ in 0..times {
        client.chat("What do penguins eat?").within(ctx).await?;
    }
    Ok(times)
}

flow! { asking(u64) -> u64 { budget { tokens: 400_000_000, usd: 400.00 } ask } }

/// All works, to be read after the lab has run.
pub struct Works {
    alone: Id,
    chat: Id,
    stream: Id,
    within: Id,
    wired: Id,
}

/// Adds all works.
pub fn works(lab: &mut Lab, runtime: &Rc<Runtime>) -> Works {
    let (model, client) = (Yes::new(), LlmClient::new(Yes::new()));
    let streaming = client.clone();
    let state = App { client: client.clone() };
    let app = runtime.block_on(async { asking::flow().with_state(state).start() }).expect("starts");
    let wired = wired();
    Works {
        alone: lab.time(runtime, async move || alone(&model).await),
        chat: lab.time(runtime, async move || chat(&client).await),
        stream: lab.time(runtime, async move || {
            let mut answer = streaming.chat("What do penguins eat?").stream();
            while let Some(event) = answer.next().await {
                event.expect("answers");
            }
            answer.response().expect("is complete").usage
        }),
        within: lab.time(runtime, async move || assert_eq!(app.call(CALLS).await.expect("ends"), CALLS)),
        wired: lab.time(runtime, async move || chat(&wired).await),
    }
}

fn wired() -> LlmClient {
    Canned::whole(&answers::whole("yes")).client(Format::OpenAi)
}

async fn alone(model: &Yes) -> usize {
    let call = Call::new(Seam::system()).with_delivery(Delivery::Whole);
    model.stream(Arc::new("What do penguins eat?".into()), call).count().await
}

async fn chat(client: &LlmClient) {
    assert_eq!(client.chat("What do penguins eat?").await.expect("answers").text(), "yes");
}

/// How often one run of `work` asks for memory.
fn allocations(runtime: &Runtime, work: impl AsyncFn()) -> f64 {
    const TIMES: usize = 100;
    runtime.block_on(work());
    let run = || {
        runtime.block_on(async {
            for _ in 0..TIMES {
                work().await;
            }
        })
    };
    used(run).1.per(TIMES).allocations
}

/// The rows of what the lab has measured, and of what is counted.
pub fn rows(lab: &Lab, works: &Works, runtime: &Runtime) -> Vec<Row> {
    let us = |id| lab.nanos(id) / 1e3;
    let (model, client, wired) = (Yes::new(), LlmClient::new(Yes::new()), wired());
    let count = |name, value| Row::new(name, Unit::Count, value);
    vec![
        Row::new("`chat` of a model that answers at once", Unit::Us, us(works.chat))
            .by_hand(us(works.alone))
            .within(10.0, "1/50,000 of a call of 500 ms"),
        Row::new("the same, streamed", Unit::Us, us(works.stream)).within(10.0, "the same"),
        Row::new("the same `within` a trace with a budget", Unit::Us, us(works.within) / CALLS as f64)
            .within(15.0, "half as much again, for counting and setting money aside"),
        Row::new("the same, with OpenAI's JSON written and read", Unit::Us, us(works.wired))
            .within(25.0, "1/20,000 of a call of 500 ms"),
        count(
            "allocations of a `chat` of a model that answers at once",
            allocations(runtime, async || chat(&client).await),
        )
        .by_hand(allocations(runtime, async || assert_eq!(alone(&model).await, 2)))
        .within(50.0, "at 30 ns each 1.5 µs"),
        count("allocations with OpenAI's JSON written and read", allocations(runtime, async || chat(&wired).await))
            .within(200.0, "at 30 ns each 6 µs"),
    ]
}
