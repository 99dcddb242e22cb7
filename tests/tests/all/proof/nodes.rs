//! The nodes that drawn flows are made of. Each does what the script of its message says.

use super::run::{Log, Token};
use penguiflow::BranchError;
use penguiflow::prelude::*;
use penguiflow_tests::proof::Kind;
use penguiflow_tests::proof::script::{ActEnd, Script};

/// What a node fails with when its script says so.
#[derive(Debug)]
pub(crate) struct Scripted;

impl std::fmt::Display for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("as the script says")
    }
}

impl std::error::Error for Scripted {}

/// One attempt of the node `id`.
async fn act(id: u32, token: &Token, attempt: u32, log: &Log) -> Result<(), Scripted> {
    log.note(id, token, attempt);
    let act = token.script.act(id, token.value, attempt);
    if act.wait > 0 {
        crate::kit::nap(act.wait).await;
    }
    match act.end {
        ActEnd::Value => Ok(()),
        ActEnd::Failure => Err(Scripted),
        ActEnd::Panic => panic!("as the script says"),
    }
}

fn merged(tokens: &[Token]) -> Token {
    let values: Vec<u64> = tokens.iter().map(|token| token.value).collect();
    tokens[0].with(Script::values(&values))
}

macro_rules! nodes {
    ($kind:ident $keys:tt: $($name:ident $index:literal,)*) => { $(
        #[node $keys]
        pub(crate) async fn $name(token: Token, State(log): State<'_, Log>, ctx: &Ctx) -> Result<Token, Scripted> {
            let id = Kind::$kind.base() + $index;
            act(id, &token, ctx.attempt(), log).await?;
            Ok(token.with(Script::value(id, token.value)))
        }
    )* };
}

macro_rules! quick {
    ($($name:ident $index:literal,)*) => { $(
        #[node]
        pub(crate) fn $name(token: Token, State(log): State<'_, Log>) -> Token {
            let id = Kind::Quick.base() + $index;
            log.note(id, &token, 1);
            token.with(Script::value(id, token.value))
        }
    )* };
}

macro_rules! merges {
    ($kind:ident, $pattern:pat => $tokens:expr, $taken:ty: $($name:ident $index:literal,)*) => { $(
        #[node]
        pub(crate) async fn $name($pattern: $taken, State(log): State<'_, Log>, ctx: &Ctx) -> Result<Token, Scripted> {
            let id = Kind::$kind.base() + $index;
            let token = merged(&$tokens);
            act(id, &token, ctx.attempt(), log).await?;
            Ok(token.with(Script::value(id, token.value)))
        }
    )* };
}

macro_rules! outcomes {
    ($($name:ident $index:literal,)*) => { $(
        #[node]
        pub(crate) async fn $name(
            (a, b): (Result<Token, BranchError>, Result<Token, BranchError>),
            State(log): State<'_, Log>,
            ctx: &Ctx,
        ) -> Result<Token, Scripted> {
            let id = Kind::Outcome.base() + $index;
            let value = |end: &Result<Token, BranchError>| end.as_ref().ok().map(|token| token.value);
            let values = [value(&a), value(&b)];
            let (Some(value), Some(token)) = (Script::outcomes(&values), a.ok().or(b.ok())) else {
                log.note_silent();
                return Err(Scripted);
            };
            let token = token.with(value);
            act(id, &token, ctx.attempt(), log).await?;
            Ok(token.with(Script::value(id, value)))
        }
    )* };
}

/// What routers return.
#[message(no_schema, no_serde)]
pub(crate) enum Fork {
    A,
    B(Token),
    C,
}

macro_rules! routers {
    ($($name:ident $index:literal,)*) => { $(
        #[router]
        pub(crate) async fn $name(token: Token, State(log): State<'_, Log>, ctx: &Ctx) -> Result<Fork, Scripted> {
            let id = Kind::Way.base() + $index;
            act(id, &token, ctx.attempt(), log).await?;
            Ok(match token.script.choice(id, token.value, 3) {
                0 => Fork::A,
                1 => Fork::B(token.with(Script::value(id, token.value))),
                _ => Fork::C,
            })
        }
    )* };
}

macro_rules! turns {
    ($($name:ident $index:literal,)*) => { $(
        #[node]
        pub(crate) async fn $name(
            token: Token,
            State(log): State<'_, Log>,
            ctx: &Ctx,
        ) -> Result<Step<Token, Token>, Scripted> {
            let id = Kind::Turn.base() + $index;
            act(id, &token, ctx.attempt(), log).await?;
            let next = token.with(Script::value(id, token.value));
            Ok(if token.script.choice(id, token.value, 3) == 0 { Step::Done(next) } else { Step::Again(next) })
        }
    )* };
}

macro_rules! crowds {
    ($($name:ident $index:literal,)*) => { $(
        #[node]
        pub(crate) async fn $name(tokens: Vec<Token>, State(log): State<'_, Log>) -> Vec<Result<Token, Scripted>> {
            let id = Kind::Crowd.base() + $index;
            tokens.iter().for_each(|token| log.note(id, token, 1));
            let act = |token: &Token| token.script.act(id, token.value, 1);
            crate::kit::nap(tokens.iter().map(|token| act(token).wait).max().unwrap_or_default()).await;
            let end = |token: Token| match act(&token).end {
                ActEnd::Value => Ok(token.with(Script::value(id, token.value))),
                ActEnd::Failure | ActEnd::Panic => Err(Scripted),
            };
            tokens.into_iter().map(end).collect()
        }
    )* };
}

macro_rules! lates {
    ($($name:ident $index:literal,)*) => { $(
        #[node]
        pub(crate) async fn $name(token: Token, State(log): State<'_, Log>) -> Token {
            let id = Kind::Late.base() + $index;
            log.note(id, &token, 1);
            crate::kit::nap(Script::late($index)).await;
            token.with(Script::value(id, token.value))
        }
    )* };
}

macro_rules! spreads {
    ($($name:ident $index:literal,)*) => { $(
        #[node]
        pub(crate) async fn $name(token: Token, State(log): State<'_, Log>, ctx: &Ctx) -> Result<Vec<Token>, Scripted> {
            let id = Kind::Spread.base() + $index;
            act(id, &token, ctx.attempt(), log).await?;
            Ok(token.script.spread(id, token.value).into_iter().map(|value| token.with(value)).collect())
        }
    )* };
}

nodes! {
    Plain():
    plain_0 0, plain_1 1, plain_2 2, plain_3 3, plain_4 4, plain_5 5, plain_6 6, plain_7 7, plain_8 8,
    plain_9 9, plain_10 10, plain_11 11, plain_12 12, plain_13 13, plain_14 14, plain_15 15, plain_16 16,
    plain_17 17, plain_18 18, plain_19 19, plain_20 20, plain_21 21, plain_22 22, plain_23 23,
}
quick! {
    quick_0 0, quick_1 1, quick_2 2, quick_3 3, quick_4 4, quick_5 5, quick_6 6, quick_7 7,
}
nodes! {
    Again(retries = 2, backoff = ("100ms", 2.0), jitter = none):
    again_0 0, again_1 1, again_2 2, again_3 3, again_4 4, again_5 5, again_6 6, again_7 7,
}
nodes! {
    Hasty(timeout = "250ms", retries = 1, backoff = ("100ms", 1.0), jitter = none):
    hasty_0 0, hasty_1 1, hasty_2 2, hasty_3 3, hasty_4 4, hasty_5 5, hasty_6 6, hasty_7 7,
}
merges! {
    Pair, (a, b) => [a, b], (Token, Token):
    pair_0 0, pair_1 1, pair_2 2, pair_3 3, pair_4 4, pair_5 5, pair_6 6, pair_7 7,
}
merges! {
    Triple, (a, b, c) => [a, b, c], (Token, Token, Token):
    triple_0 0, triple_1 1, triple_2 2, triple_3 3, triple_4 4, triple_5 5,
}
merges! {
    List, tokens => tokens, Vec<Token>:
    list_0 0, list_1 1, list_2 2, list_3 3, list_4 4, list_5 5, list_6 6, list_7 7, list_8 8, list_9 9,
}
outcomes! {
    outcome_0 0, outcome_1 1, outcome_2 2, outcome_3 3, outcome_4 4, outcome_5 5,
}
routers! {
    way_0 0, way_1 1, way_2 2, way_3 3, way_4 4, way_5 5,
}
turns! {
    turn_0 0, turn_1 1, turn_2 2, turn_3 3, turn_4 4, turn_5 5,
}
crowds! {
    crowd_0 0, crowd_1 1,
}
lates! {
    late_0 0, late_1 1, late_2 2, late_3 3,
}
spreads! {
    spread_0 0, spread_1 1, spread_2 2, spread_3 3, spread_4 4, spread_5 5,
}
