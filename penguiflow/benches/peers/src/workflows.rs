//! floxide: a run is a queue of work items in the caller's own future. A hop clones its node and makes a boxed future, a random id for
//! the next item and a place in the queue; a fork puts its branches into that queue, one behind the other.
#![allow(clippy::disallowed_methods, reason = "floxide's macro draws the ids of its items")]

use crate::case::{Case, Gate, MANY, P};
use crate::measure::Id;
use crate::{Bench, Entries};
use async_trait::async_trait;
use floxide::{FloxideError, Node, SharedState, Transition, Workflow, WorkflowCtx};
use std::sync::Arc;

type Went<T> = Result<Transition<T>, FloxideError>;

/// A step, whatever the context is.
#[derive(Clone, Debug)]
pub struct Hop;

#[async_trait]
impl<C: floxide::context::Context> Node<C> for Hop {
    type Input = P;
    type Output = P;

    async fn process(&self, _: &C, p: P) -> Went<P> {
        Ok(Transition::Next(p.step()))
    }
}

mod chain4 {
    use super::*;

    floxide::workflow! {
        pub struct Chain4 { a: Hop, b: Hop, c: Hop, d: Hop }
        start = a;
        context = ();
        edges { a => { [b] }; b => { [c] }; c => { [d] }; d => {}; }
    }

    pub const NEW: Chain4 = Chain4 { a: Hop, b: Hop, c: Hop, d: Hop };
}

mod chain16 {
    use super::*;

    floxide::workflow! {
        pub struct Chain16 {
            a: Hop, b: Hop, c: Hop, d: Hop, e: Hop, f: Hop, g: Hop, h: Hop,
            i: Hop, j: Hop, k: Hop, l: Hop, m: Hop, n: Hop, o: Hop, p: Hop,
        }
        start = a;
        context = ();
        edges {
            a => { [b] }; b => { [c] }; c => { [d] }; d => { [e] };
            e => { [f] }; f => { [g] }; g => { [h] }; h => { [i] };
            i => { [j] }; j => { [k] }; k => { [l] }; l => { [m] };
            m => { [n] }; n => { [o] }; o => { [p] }; p => {};
        }
    }

    pub const NEW: Chain16 = Chain16 {
        a: Hop,
        b: Hop,
        c: Hop,
        d: Hop,
        e: Hop,
        f: Hop,
        g: Hop,
        h: Hop,
        i: Hop,
        j: Hop,
        k: Hop,
        l: Hop,
        m: Hop,
        n: Hop,
        o: Hop,
        p: Hop,
    };
}

mod fan8 {
    use super::*;

    /// What has come of the branches so far.
    pub type Come = SharedState<Vec<P>>;

    #[derive(Clone, Debug)]
    pub struct Begin;

    #[async_trait]
    impl Node<Come> for Begin {
        type Input = P;
        type Output = P;

        async fn process(&self, _: &Come, p: P) -> Went<P> {
            Ok(Transition::Next(p))
        }
    }

    #[derive(Clone, Debug)]
    pub struct Sum;

    #[async_trait]
    impl Node<Come> for Sum {
        type Input = P;
        type Output = P;

        async fn process(&self, come: &Come, p: P) -> Went<P> {
            let mut come = come.get().await;
            come.push(p);
            Ok(if come.len() < 8 { Transition::Hold } else { Transition::Next(P::sum(come.drain(..))) })
        }
    }

    floxide::workflow! {
        pub struct Fan8 {
            begin: Begin, a: Hop, b: Hop, c: Hop, d: Hop, e: Hop, f: Hop, g: Hop, h: Hop, sum: Sum,
        }
        start = begin;
        context = Come;
        edges {
            begin => { [a, b, c, d, e, f, g, h] };
            a => { [sum] }; b => { [sum] }; c => { [sum] }; d => { [sum] };
            e => { [sum] }; f => { [sum] }; g => { [sum] }; h => { [sum] };
            sum => {};
        }
    }

    pub const NEW: Fan8 =
        Fan8 { begin: Begin, a: Hop, b: Hop, c: Hop, d: Hop, e: Hop, f: Hop, g: Hop, h: Hop, sum: Sum };
}

mod looped {
    use super::*;

    #[derive(Clone, Debug)]
    pub enum Way {
        Again(P),
        Done(P),
    }

    #[derive(Clone, Debug)]
    pub struct Turn;

    #[async_trait]
    impl Node<()> for Turn {
        type Input = P;
        type Output = Way;

        async fn process(&self, (): &(), p: P) -> Went<Way> {
            Ok(Transition::Next(p.turn().map_or(Way::Done(p), Way::Again)))
        }
    }

    #[derive(Clone, Debug)]
    pub struct Last;

    #[async_trait]
    impl Node<()> for Last {
        type Input = P;
        type Output = P;

        async fn process(&self, (): &(), p: P) -> Went<P> {
            Ok(Transition::Next(p))
        }
    }

    floxide::workflow! {
        pub struct Looped { turn: Turn, last: Last }
        start = turn;
        context = ();
        edges {
            turn => { Way::Again(p) => [turn]; Way::Done(p) => [last]; };
            last => {};
        }
    }

    pub const NEW: Looped = Looped { turn: Turn, last: Last };
}

mod flight {
    use super::*;

    #[derive(Clone, Debug)]
    pub struct Wait(pub Arc<Gate>);

    #[async_trait]
    impl Node<()> for Wait {
        type Input = P;
        type Output = P;

        async fn process(&self, (): &(), p: P) -> Went<P> {
            self.0.pass().await;
            Ok(Transition::Next(p.step()))
        }
    }

    floxide::workflow! {
        pub struct Flight { wait: Wait }
        start = wait;
        context = ();
        edges { wait => {}; }
    }
}

/// Enters the rounds.
pub fn enter(bench: &mut Bench) -> Entries {
    Entries::from([
        Some(run(bench, Case::Chain4, chain4::NEW, || ())),
        Some(run(bench, Case::Chain16, chain16::NEW, || ())),
        Some(run(bench, Case::Fan8, fan8::NEW, fan8::Come::default)),
        Some(run(bench, Case::Loop, looped::NEW, || ())),
        None,
        None,
        Some(flight(bench)),
    ])
}

fn run<C, W>(bench: &mut Bench, case: Case, workflow: W, context: fn() -> C) -> Id
where
    C: floxide::context::Context + 'static,
    W: Workflow<C, Input = P, Output = P> + 'static,
{
    bench.enter(case, async move || {
        let context = WorkflowCtx::new(context());
        workflow.run(&context, case.asked()).await.expect("completes")
    })
}

fn flight(bench: &mut Bench) -> Id {
    let gate = Arc::new(Gate::default());
    let workflow = flight::Flight { wait: flight::Wait(gate.clone()) };
    bench.enter_long(Case::Flight, async move || {
        let spawn = |_| {
            let workflow = workflow.clone();
            let run = async move { workflow.run(&WorkflowCtx::new(()), Case::Flight.asked()).await };
            tokio::spawn(run)
        };
        let tasks: Vec<_> = (0..MANY).map(spawn).collect();
        gate.open_for(MANY).await;
        let mut ended = Vec::with_capacity(MANY as usize);
        for task in tasks {
            ended.push(task.await.expect("ends").expect("completes"));
        }
        P::sum(ended)
    })
}
