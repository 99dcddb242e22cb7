//! What a budget costs where there is one: counting hops, reserving and settling, and a sub-flow with limits of its own.

use crate::flows::*;
use crate::measure::{Id, Lab};
use crate::table::{Row, Unit};
use crate::{message, message_with};
use penguiflow::prelude::*;
use penguiflow::{Budget, Cost, Money, OverBudget};
use std::hint::black_box;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::runtime::Runtime;

const TIMES: u64 = 1_000;
const LIMIT: u64 = 1 << 60;

/// Reserves and settles as often as `b` says.
#[node]
pub async fn spend(p: P, ctx: &Ctx) -> Result<P, OverBudget> {
    let budget = ctx.budget();
    for _ in 0..p.b {
        let cost = Cost::tokens(2).and_usd(Money::from_picos(2));
        budget.reserve(cost)?.settle(Cost::tokens(1).and_usd(Money::from_picos(1)));
    }
    Ok(p)
}

flow! { pub limited4(P) -> P { budget { hops: 64, tokens: 40_000, usd: 0.50 } a0 -> a1 -> a2 -> a3 } }
flow! { spending(P) -> P { budget { tokens: 40_000, usd: 0.50 } spend } }
flow! { inner_limited(P) -> P { budget { hops: 64 } a1 -> a2 } }
flow! { pub with_limited_sub(P) -> P { a0 -> inner_limited -> a3 } }

/// The same on two counters that nobody else knows: a limit that is kept, and what it came to.
async fn spend_by_hand(p: P) -> P {
    let (tokens, picos) = (AtomicU64::new(0), AtomicU64::new(0));
    let take = |account: &AtomicU64| {
        let next = |taken: u64| taken.checked_add(2).filter(|taken| *taken < LIMIT);
        account.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).is_ok()
    };
    for _ in 0..p.b {
        let taken = [take(&tokens), take(&picos)];
        assert_eq!(black_box(taken), [true; 2]);
        tokens.fetch_sub(1, Ordering::Relaxed);
        picos.fetch_sub(1, Ordering::Relaxed);
    }
    p
}

/// All works, to be read after the lab has run.
pub struct Works {
    free: [Id; 2],
    limited: [Id; 2],
    spent: [Id; 2],
    sub: [Id; 2],
}

macro_rules! call {
    ($lab:ident, $runtime:ident, $flow:ident, $message:expr) => {{
        let app = $runtime.block_on(async { $flow::flow().start() }).expect("starts");
        $lab.time($runtime, async move || app.call($message).await)
    }};
}

/// Adds all works.
pub fn works(lab: &mut Lab, runtime: &Rc<Runtime>) -> Works {
    let limited = |p| Message::new(p).with_budget(Budget::new().hops(LIMIT));
    Works {
        free: [call!(lab, runtime, chain4, message()), call!(lab, runtime, chain64, message())],
        limited: [call!(lab, runtime, limited4, message()), call!(lab, runtime, chain64, limited(message()))],
        spent: [
            call!(lab, runtime, spending, message_with(TIMES)),
            lab.time(runtime, async || spend_by_hand(message_with(TIMES)).await),
        ],
        sub: [call!(lab, runtime, with_sub, message()), call!(lab, runtime, with_limited_sub, message())],
    }
}

/// The rows of what the lab has measured.
pub fn rows(lab: &Lab, works: &Works) -> Vec<Row> {
    let ns = |id| lab.nanos(id);
    let slope = |[short, long]: [Id; 2]| (ns(long) - ns(short)) / 60.0;
    let row = |name: &str, value| Row::new(name, Unit::Ns, value);
    let times = TIMES as f64;
    vec![
        row("`call`, 4 hops, under a budget", ns(works.limited[0])),
        row("a budget of hops, added per hop", slope(works.limited) - slope(works.free)),
        row("reserve and settle", ns(works.spent[0]) / times).by_hand(ns(works.spent[1]) / times),
        row("call of a sub-flow with a budget, to one without", ns(works.sub[1]) - ns(works.sub[0])),
    ]
}
