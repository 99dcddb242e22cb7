//! The same work as hand-written tokio code: direct awaits of the same functions, with an `Arc` that can cancel. It has no
//! ids, endings, paths, deadlines or panic borders.

use crate::flows::*;
use penguiflow::Step;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

/// What a message carries along.
#[derive(Default)]
pub struct Trace {
    cancelled: AtomicBool,
}

#[derive(Debug)]
pub struct Cancelled;

impl Trace {
    fn check(&self) -> Result<(), Cancelled> {
        if self.cancelled.load(Ordering::Relaxed) { Err(Cancelled) } else { Ok(()) }
    }
}

pub type Done = Result<P, Cancelled>;

macro_rules! chain {
    ($name:ident: $($node:ident)+) => {
        pub async fn $name(trace: Arc<Trace>, p: P) -> Done {
            $(trace.check()?;
            let p = $node(p).await;)+
            Ok(p)
        }
    };
}

chain! { four: a0 a1 a2 a3 }
chain! { sixteen: a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af }
chain! {
    sixty_four:
    a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 ba bb bc bd be bf
    c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 ca cb cc cd ce cf d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 da db dc dd de df
}
chain! { parked: a0 a1 a2 park }

pub async fn fan8(trace: Arc<Trace>, p: P) -> Done {
    trace.check()?;
    let all = tokio::join!(a0(p), a1(p), a2(p), a3(p), a4(p), a5(p), a6(p), a7(p));
    trace.check()?;
    Ok(sum(all).await)
}

pub async fn looped(trace: Arc<Trace>, mut p: P) -> Done {
    loop {
        trace.check()?;
        match count_down(p).await {
            Step::Again(next) => p = next,
            Step::Done(p) => return Ok(p),
        }
        tokio::task::consume_budget().await;
    }
}

/// One hop with a timeout and three retries.
async fn attempts(p: P) -> Result<P, Failed> {
    for _ in 0..3 {
        if let Ok(Ok(p)) = tokio::time::timeout(Duration::from_secs(2), guarded(p)).await {
            return Ok(p);
        }
    }
    guarded(p).await
}

pub async fn guarded_chain(trace: Arc<Trace>, mut p: P, hops: u32) -> Done {
    for _ in 0..hops {
        trace.check()?;
        p = attempts(p).await.map_err(|Failed| Cancelled)?;
    }
    Ok(p)
}

/// Sends as many chunks as `b` says through a bounded channel.
pub async fn tell(chunks: mpsc::Sender<(u64, String)>, p: P) -> P {
    for n in 0..p.b {
        // Who reads goes on until this ends.
        let _ = chunks.send((n, "penguin ".to_owned())).await;
    }
    p
}

/// Two failures, then success.
pub async fn flaky(trace: Arc<Trace>, p: P) -> Done {
    for attempt in 1..=4 {
        trace.check()?;
        let result = if attempt < 3 { Err(Failed) } else { Ok(p) };
        if let Ok(p) = std::hint::black_box(result) {
            return Ok(p);
        }
    }
    Err(Cancelled)
}
