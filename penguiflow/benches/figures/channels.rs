//! The same work as a task per node and a bounded channel per edge, one message on its way at a time.

use crate::flows::*;
use std::cell::RefCell;
use tokio::sync::mpsc::{Receiver, Sender, channel};

const CAPACITY: usize = 16;

/// The two ends of a running pipeline.
pub struct Pipeline {
    head: Sender<P>,
    tail: RefCell<Receiver<P>>,
}

impl Pipeline {
    /// Sends a message through.
    #[allow(clippy::await_holding_refcell_ref, reason = "one message is on its way at a time")]
    pub async fn pass(&self, p: P) -> Option<P> {
        self.head.send(p).await.ok()?;
        self.tail.borrow_mut().recv().await
    }
}

/// A task that runs `node` on what comes in.
fn stage<Fut>(mut from: Receiver<P>, node: impl Fn(P) -> Fut + Send + 'static) -> Receiver<P>
where
    Fut: Future<Output = P> + Send + 'static,
{
    let (to, out) = channel(CAPACITY);
    tokio::spawn(async move {
        while let Some(p) = from.recv().await {
            if to.send(node(p).await).await.is_err() {
                return;
            }
        }
    });
    out
}

macro_rules! chain {
    ($name:ident: $($node:ident)+) => {
        /// Runs inside a runtime.
        pub fn $name() -> Pipeline {
            let (head, tail) = channel(CAPACITY);
            $(let tail = stage(tail, $node);)+
            Pipeline { head, tail: RefCell::new(tail) }
        }
    };
}

chain! { four: a0 a1 a2 a3 }
chain! { sixteen: a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af }

macro_rules! fan {
    ($head:ident: $($node:ident)+) => {{
        let mut heads = Vec::new();
        $(let (to, from) = channel(CAPACITY);
        heads.push(to);
        let mut $node = stage(from, $node);)+
        let (to, tail) = channel(CAPACITY);
        tokio::spawn(async move {
            while let Some(p) = $head.recv().await {
                for head in &heads {
                    let _ = head.send(p).await;
                }
            }
        });
        tokio::spawn(async move {
            while let ($(Some($node),)+) = ($($node.recv().await,)+) {
                if to.send(sum(($($node,)+)).await).await.is_err() {
                    return;
                }
            }
        });
        tail
    }};
}

/// Runs inside a runtime.
pub fn fan8() -> Pipeline {
    let (head, mut from) = channel(CAPACITY);
    let tail = fan!(from: a0 a1 a2 a3 a4 a5 a6 a7);
    Pipeline { head, tail: RefCell::new(tail) }
}
