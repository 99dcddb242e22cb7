//! What a call sets aside of a trace's budget, and what it is charged.

use super::{client, fail, named, overloaded};
use penguiflow::clock::secs;
use penguiflow::llm::{
    ChatRequest, Faulty, Image, LlmClient, LlmError, LlmErrorKind, ModelFault, ModelInfo, Price, Profile,
    ScriptedModel, ScriptedReply, Usage,
};
use penguiflow::prelude::*;
use penguiflow::{Budget, Limit, Money};

/// A dollar for a million tokens read, two for a million written, and at most 1,000 written.
fn priced(replies: impl IntoIterator<Item = ScriptedReply>) -> ScriptedModel {
    let mut profile = Profile::default();
    profile.price = Some(Price::per_million(Money::from_cents(100), Money::from_cents(200)));
    profile.output_tokens = Some(1_000);
    ScriptedModel::new(replies).with_info(ModelInfo::new("test", "priced").with_profile(profile))
}

fn used(input: u64, output: u64) -> ScriptedReply {
    ScriptedReply::from("krill").with_usage(Usage::new(input, output))
}

#[derive(Clone, Provides)]
struct Models {
    client: LlmClient,
    request: ChatRequest,
}

#[node]
async fn ask(
    (): (),
    ctx: &Ctx,
    State(client): State<'_, LlmClient>,
    State(request): State<'_, ChatRequest>,
) -> Result<(penguiflow::Cost, u64), LlmError> {
    let answered = client.chat(request.clone()).within(ctx).await;
    let (spent, in_doubt) = (ctx.budget().spent(), ctx.budget().in_doubt());
    answered.map(|_| (spent, in_doubt))
}

#[node]
async fn ask_and_tell(
    (): (),
    ctx: &Ctx,
    State(client): State<'_, LlmClient>,
    State(request): State<'_, ChatRequest>,
) -> (String, penguiflow::Cost, u64) {
    let answered = client.chat(request.clone()).within(ctx).await;
    let told = answered.map_or_else(|error| error.to_string(), |answer| answer.text());
    (told, ctx.budget().spent(), ctx.budget().in_doubt())
}

flow! { asking(()) -> (penguiflow::Cost, u64) { ask } }
flow! { telling(()) -> (String, penguiflow::Cost, u64) { ask_and_tell } }

async fn told(
    client: LlmClient,
    request: ChatRequest,
    budget: Budget,
) -> Result<(String, penguiflow::Cost, u64), Stop> {
    let app = telling::flow().with_state(Models { client, request }).start().expect("it starts");
    app.call(Message::new(()).with_budget(budget)).await
}

#[tokio::test(start_paused = true)]
async fn what_the_answer_came_to_is_charged_to_the_pico_dollar() {
    let budget = Budget::new().usd(Money::from_cents(100)).tokens(10_000);
    let (_, spent, in_doubt) = told(client(priced([used(10, 5)])), "food?".into(), budget).await.expect("it answers");
    assert_eq!((spent.tokens, spent.usd, in_doubt), (15, Money::from_micros(20), 0));
}

#[tokio::test(start_paused = true)]
async fn what_a_call_may_cost_at_most_is_refused_before_anything_is_sent() {
    let model = priced([used(10, 5)]);
    // The answer alone may cost 2,000 micro-dollars.
    let budget = Budget::new().usd(Money::from_micros(1_999));
    let ended = told(client(model.clone()), "food?".into(), budget).await;
    assert!(matches!(ended, Err(Stop::BudgetExceeded(Limit::Usd))), "{ended:?}");
    model.assert_calls(0);
    // One that may write less costs less.
    let request = ChatRequest::from("food?").with_max_output_tokens(100);
    let (text, ..) = told(client(model.clone()), request, budget).await.expect("there is enough");
    assert_eq!(text, "krill");
    let budget = Budget::new().tokens(1_000);
    let ended = told(client(model.clone()), "food?".into(), budget).await;
    assert!(matches!(ended, Err(Stop::BudgetExceeded(Limit::Tokens))), "{ended:?}");
    model.assert_calls(1);
}

#[tokio::test(start_paused = true)]
async fn what_is_to_be_kept_for_an_hour_is_set_aside_at_its_own_price() {
    use penguiflow::llm::{Cache, ChatMessage};
    let mut profile = Profile::default();
    let price =
        Price::per_million(Money::from_cents(100), Money::ZERO).with_cache_written_hour(Money::from_cents(100_000));
    (profile.price, profile.output_tokens) = (Some(price), Some(1));
    let model = ScriptedModel::new([used(10, 1)]).repeating_last();
    let model = model.with_info(ModelInfo::new("test", "kept").with_profile(profile));
    let budget = Budget::new().usd(Money::from_cents(1));
    let short = ChatRequest::new([ChatMessage::user("food?").with_cache(Cache::Short)]);
    told(client(model.clone()), short, budget).await.expect("it is cheap");
    let hour = ChatRequest::new([ChatMessage::user("food?").with_cache(Cache::Hour)]);
    let ended = told(client(model.clone()), hour, budget).await;
    assert!(matches!(ended, Err(Stop::BudgetExceeded(Limit::Usd))), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn a_price_that_is_not_known_is_refused_where_money_is_limited() {
    let model = named("unpriced", ["krill".into(), "krill".into()]);
    let request = || ChatRequest::from("food?").with_max_output_tokens(10);
    let (text, ..) =
        told(client(model.clone()), request(), Budget::new().usd(Money::from_cents(100))).await.expect("it is told");
    assert!(text.starts_with("test/unpriced: the cost of the call is not known: "), "{text}");
    assert!(text.contains("`price`") && text.contains("PENGUIFLOW_MODELS"), "{text}");
    // Tokens can be limited without it.
    let (text, ..) = told(client(model.clone()), request(), Budget::new().tokens(1_000)).await.expect("it answers");
    assert_eq!(text, "krill");
    // And where nothing is limited, nothing has to be known.
    let (text, ..) = told(client(model.clone()), "food?".into(), Budget::new()).await.expect("it answers");
    assert_eq!((text.as_str(), model.calls()), ("krill", 2));
}

#[tokio::test(start_paused = true)]
async fn a_length_that_is_not_known_is_refused_where_a_budget_is_set() {
    let model = named("endless", ["krill".into()]);
    for budget in [Budget::new().tokens(1_000_000), Budget::new().usd(Money::from_cents(100))] {
        let (text, ..) = told(client(model.clone()), "food?".into(), budget).await.expect("it is told");
        assert!(text.contains("`max_output_tokens`") && text.contains("`output_tokens`"), "{text}");
    }
    let seen = penguiflow::llm::ChatMessage::user("what is it?").with(Image::bytes("image/png", vec![1, 2, 3]));
    let request = ChatRequest::new([seen]).with_max_output_tokens(10);
    let (text, ..) = told(client(model.clone()), request, Budget::new().tokens(1_000_000)).await.expect("it is told");
    assert!(text.contains("`image_tokens`"), "{text}");
    model.assert_calls(0);
}

#[tokio::test(start_paused = true)]
async fn attempts_that_cannot_have_cost_anything_are_not_charged() {
    let model = priced([overloaded(), fail(LlmErrorKind::RateLimited { retry_after: None }), used(10, 5)]);
    let budget = Budget::new().usd(Money::from_cents(100)).tokens(10_000);
    let (_, spent, in_doubt) = told(client(model), "food?".into(), budget).await.expect("it answers");
    assert_eq!((spent.tokens, spent.usd, in_doubt), (15, Money::from_micros(20), 0));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_may_have_been_billed_is_charged_in_full() {
    let cut = ScriptedReply::from("kri").then_fail(LlmError::new(LlmErrorKind::Transport, "it broke off"));
    let request = ChatRequest::from("food?").with_max_output_tokens(100);
    let budget = Budget::new().usd(Money::from_cents(100)).tokens(10_000);
    let (_, spent, in_doubt) = told(client(priced([cut, used(10, 5)])), request, budget).await.expect("it answers");
    assert_eq!(in_doubt, 1);
    // All that the answer might have had is 200 micro-dollars, beside what was read.
    assert!(spent.usd > Money::from_micros(220) && spent.tokens > 115, "{spent:?}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_the_provider_ends_in_the_middle_may_have_been_billed() {
    let limited = LlmError::new(LlmErrorKind::RateLimited { retry_after: None }, "no more").with_status(429);
    let cut = ScriptedReply::from("kri").then_fail(limited);
    let budget = Budget::new().usd(Money::from_cents(100)).tokens(10_000);
    let (_, _, in_doubt) = told(client(priced([cut, used(10, 5)])), "food?".into(), budget).await.expect("it answers");
    assert_eq!(in_doubt, 1);
}

#[tokio::test(start_paused = true)]
async fn a_trace_that_is_dropped_in_mid_answer_leaves_its_cost_in_doubt() {
    let silent = Faulty::new(priced([used(10, 5)])).fail_call(1, ModelFault::stall().after(1));
    let state = Models { client: client(silent), request: "food?".into() };
    let app = asking::flow().with_state(state).start().expect("it starts");
    let budget = Budget::new().usd(Money::from_cents(100));
    let ended = app.call(Message::new(()).with_budget(budget).with_deadline(secs(1))).await;
    assert!(matches!(ended, Err(Stop::DeadlineExceeded)), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn what_nothing_is_known_of_costs_nothing_known() {
    let client = client(named("unpriced", [used(10, 5)])).or(priced([]));
    let answer = client.chat("food?").await.expect("it answers");
    assert_eq!((answer.cost, answer.usage), (None, Usage::new(10, 5)));
    let answer = super::client(priced([used(1, 0)])).chat("food?").await.expect("it answers");
    assert_eq!(answer.cost, Some(Money::from_micros(1)));
}

#[tokio::test(start_paused = true)]
async fn usage_that_the_provider_does_not_tell_is_estimated_and_says_so() {
    let model = priced([ScriptedReply::events([super::text("krill and fish"), super::end()])]);
    let answer = client(model).chat("What do penguins eat?").await.expect("it answers");
    assert!(answer.usage.estimated && answer.usage.input > 0 && answer.usage.output > 0, "{:?}", answer.usage);
    assert!(answer.cost > Some(Money::ZERO));
}
