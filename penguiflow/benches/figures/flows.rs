//! The flows that are measured, and their nodes: trivial, so that what is measured is the framework.

use penguiflow::prelude::*;

/// 16 bytes.
#[message]
#[derive(Copy)]
pub struct P {
    pub a: u64,
    pub b: u64,
}

/// 1 KiB.
pub type Big = [u64; 128];

#[derive(Debug, thiserror::Error)]
#[error("it failed")]
pub struct Failed;

macro_rules! nodes {
    ($($name:ident)+) => {
        $(#[node]
        pub async fn $name(p: P) -> P {
            P { a: p.a.wrapping_mul(3).wrapping_add(p.b), b: p.b }
        })+
    };
}

nodes! { a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af }
nodes! { b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 ba bb bc bd be bf }
nodes! { c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 ca cb cc cd ce cf }
nodes! { d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 da db dc dd de df }

flow! { pub chain1(P) -> P { a0 } }
flow! { pub chain4(P) -> P { a0 -> a1 -> a2 -> a3 } }
flow! { pub chain16(P) -> P { a0 -> a1 -> a2 -> a3 -> a4 -> a5 -> a6 -> a7 -> a8 -> a9 -> aa -> ab -> ac -> ad -> ae -> af } }
flow! {
    pub chain64(P) -> P {
        a0 -> a1 -> a2 -> a3 -> a4 -> a5 -> a6 -> a7 -> a8 -> a9 -> aa -> ab -> ac -> ad -> ae -> af
        -> b0 -> b1 -> b2 -> b3 -> b4 -> b5 -> b6 -> b7 -> b8 -> b9 -> ba -> bb -> bc -> bd -> be -> bf
        -> c0 -> c1 -> c2 -> c3 -> c4 -> c5 -> c6 -> c7 -> c8 -> c9 -> ca -> cb -> cc -> cd -> ce -> cf
        -> d0 -> d1 -> d2 -> d3 -> d4 -> d5 -> d6 -> d7 -> d8 -> d9 -> da -> db -> dc -> dd -> de -> df
    }
}
flow! {
    pub chain1024(P) -> P {
        chain64 -> chain64 as s1 -> chain64 as s2 -> chain64 as s3 -> chain64 as s4 -> chain64 as s5 -> chain64 as s6
        -> chain64 as s7 -> chain64 as s8 -> chain64 as s9 -> chain64 as sa -> chain64 as sb -> chain64 as sc
        -> chain64 as sd -> chain64 as se -> chain64 as sf
    }
}

// === sub-flows ===

flow! { pub inner(P) -> P { a1 -> a2 } }
flow! { pub with_sub(P) -> P { a0 -> inner -> a3 } }

#[node]
pub async fn wide(big: Big) -> Big {
    tokio::task::yield_now().await;
    big
}

flow! { pub nested1(Big) -> Big { wide -> wide as again1 } }
flow! { pub nested2(Big) -> Big { nested1 -> wide as again2 } }
flow! { pub nested3(Big) -> Big { nested2 -> wide as again3 } }
flow! { pub nested4(Big) -> Big { nested3 -> wide as again4 } }
flow! { pub nested5(Big) -> Big { nested4 -> wide as again5 } }

// === a fork ===

#[node]
pub async fn sum((a, b, c, d, e, f, g, h): (P, P, P, P, P, P, P, P)) -> P {
    P { a: a.a ^ b.a ^ c.a ^ d.a ^ e.a ^ f.a ^ g.a ^ h.a, b: a.b }
}

flow! { pub fan8(P) -> P { (a0, a1, a2, a3, a4, a5, a6, a7) -> join -> sum } }

// === chains that do not nest ===

#[node]
pub async fn two((a, b): (P, P)) -> P {
    P { a: a.a ^ b.a, b: a.b }
}

flow! { pub bridge(P) -> P { a0 -> (a1, a2); a1 -> a3; (a1, a2) -> join -> two; (a3, two) -> join -> two as last } }
flow! { pub nested(P) -> P { a0 -> ((a1, a2) -> join -> two, a3) -> join -> two as last } }

// === a loop ===

/// Takes as many turns as `b` says, and one more.
#[controller(turns = 2000)]
pub async fn count_down(p: P) -> Step<P, P> {
    match p.b.checked_sub(1) {
        Some(b) => Step::Again(P { a: p.a.wrapping_mul(3).wrapping_add(b), b }),
        None => Step::Done(p),
    }
}

flow! { pub looped(P) -> P { count_down } }

// === policies ===

#[node(retries = 3, timeout = "2s")]
pub async fn guarded(p: P) -> Result<P, Failed> {
    if p.b == u64::MAX { Err(Failed) } else { Ok(P { a: p.a.wrapping_mul(3).wrapping_add(p.b), b: p.b }) }
}

flow! { pub guarded4(P) -> P { guarded -> guarded as g1 -> guarded as g2 -> guarded as g3 } }
flow! {
    pub guarded16(P) -> P {
        guarded -> guarded as g1 -> guarded as g2 -> guarded as g3 -> guarded as g4 -> guarded as g5 -> guarded as g6
        -> guarded as g7 -> guarded as g8 -> guarded as g9 -> guarded as ga -> guarded as gb -> guarded as gc
        -> guarded as gd -> guarded as ge -> guarded as gf
    }
}

/// Fails on the first two attempts.
#[node(retries = 3, jitter = none)]
pub async fn flaky(p: P, ctx: &Ctx) -> Result<P, Failed> {
    if ctx.attempt() < 3 { Err(Failed) } else { Ok(p) }
}

flow! { pub flaky1(P) -> P { flaky } }

// === a stream ===

/// Sends as many chunks as `b` says, the last one as the end.
#[node]
pub async fn tell(p: P, ctx: &Ctx) -> P {
    let mut out = ctx.stream("tokens");
    for _ in 1..p.b {
        out.send("penguin ").await;
    }
    out.finish_with("penguin ").await;
    p
}

flow! { pub told(P) -> P { tell } }

// === a trace that waits ===

#[node]
pub async fn park(p: P) -> P {
    std::future::pending::<()>().await;
    p
}

flow! { pub parked4(P) -> P { a0 -> a1 -> a2 -> park } }
