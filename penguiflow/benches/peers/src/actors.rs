//! ractor: a node is an actor in a task of its own. A hop is a boxed message in an unbounded mailbox and a wake-up of the next actor;
//! the answer comes through a port that goes along. What happens beyond that, the actors do by hand.

use crate::case::{ATTEMPTS, CHUNK, Case, Gate, MANY, P};
use crate::measure::Id;
use crate::{Bench, Entries};
use ractor::concurrency::oneshot;
use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort, call, rpc};
use std::sync::Arc;

/// A value, and where the answer goes.
struct Ask(P, RpcReplyPort<P>);

/// An actor without a state, by what it does with a message.
macro_rules! actor {
    ($name:ty: |$this:ident, $me:ident, $message:pat_param| $message_type:ty => $body:block) => {
        impl Actor for $name {
            type Msg = $message_type;
            type State = ();
            type Arguments = ();

            async fn pre_start(&self, _: ActorRef<Self::Msg>, _: ()) -> Result<(), ActorProcessingErr> {
                Ok(())
            }

            async fn handle(
                &self,
                $me: ActorRef<Self::Msg>,
                $message: Self::Msg,
                _: &mut (),
            ) -> Result<(), ActorProcessingErr> {
                let $this = self;
                $body
                Ok(())
            }
        }
    };
}

struct Hop(Option<ActorRef<Ask>>);

actor! {
    Hop: |this, _me, Ask(p, reply)| Ask => {
        match &this.0 {
            Some(next) => next.cast(Ask(p.step(), reply))?,
            None => reply.send(p.step())?,
        }
    }
}

struct Turn;

actor! {
    Turn: |_this, me, Ask(p, reply)| Ask => {
        match p.turn() {
            Some(p) => me.cast(Ask(p, reply))?,
            None => reply.send(p)?,
        }
    }
}

/// A value, the number of the attempt, and where the answer goes.
struct Try(P, u64, RpcReplyPort<P>);

struct Flaky;

actor! {
    Flaky: |_this, me, Try(p, attempt, reply)| Try => {
        let result = if attempt < ATTEMPTS { Err("it failed") } else { Ok(P { b: attempt, ..p.step() }) };
        match result {
            Ok(p) => reply.send(p)?,
            Err(_) => me.cast(Try(p, attempt + 1, reply))?,
        }
    }
}

enum Chunk {
    Words(String),
    End(RpcReplyPort<P>),
}

struct Teller(ActorRef<Chunk>);

actor! {
    Teller: |this, _me, Ask(p, reply)| Ask => {
        for _ in 0..p.b {
            this.0.cast(Chunk::Words(CHUNK.to_owned()))?;
        }
        this.0.cast(Chunk::End(reply))?;
    }
}

/// Counts what it reads.
struct Reader;

impl Actor for Reader {
    type Msg = Chunk;
    type State = P;
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Chunk>, _: ()) -> Result<P, ActorProcessingErr> {
        Ok(P { a: 0, b: 0 })
    }

    async fn handle(&self, _: ActorRef<Chunk>, chunk: Chunk, read: &mut P) -> Result<(), ActorProcessingErr> {
        match chunk {
            Chunk::Words(text) => *read = P { a: read.a + text.len() as u64, b: read.b + 1 },
            Chunk::End(reply) => reply.send(std::mem::replace(read, P { a: 0, b: 0 }))?,
        }
        Ok(())
    }
}

struct Wait(Arc<Gate>);

actor! {
    Wait: |this, me, Ask(p, reply)| Ask => {
        this.0.pass().await;
        reply.send(p.step())?;
        me.stop(None);
    }
}

async fn start<A: Actor<Arguments = ()>>(actor: A) -> ActorRef<A::Msg> {
    Actor::spawn(None, actor, ()).await.expect("starts").0
}

/// Starts actors that hand a value on; gives the first one.
async fn chain(hops: usize) -> ActorRef<Ask> {
    let mut first = start(Hop(None)).await;
    for _ in 1..hops {
        first = start(Hop(Some(first))).await;
    }
    first
}

/// Enters the rounds.
pub fn enter(bench: &mut Bench) -> Entries {
    Entries::from([
        Some(ask(bench, Case::Chain4, chain(4))),
        Some(ask(bench, Case::Chain16, chain(16))),
        Some(fan8(bench)),
        Some(ask(bench, Case::Loop, start(Turn))),
        Some(ask(bench, Case::Stream, async { start(Teller(start(Reader).await)).await })),
        Some(retry(bench)),
        Some(flight(bench)),
    ])
}

fn ask(bench: &mut Bench, case: Case, actor: impl Future<Output = ActorRef<Ask>>) -> Id {
    let actor = bench.runtime.block_on(actor);
    bench.enter(case, async move || call!(actor, Ask, case.asked()).expect("answers"))
}

fn fan8(bench: &mut Bench) -> Id {
    let actors = bench.runtime.block_on(async {
        let mut actors = Vec::new();
        for _ in 0..8 {
            actors.push(start(Hop(None)).await);
        }
        actors
    });
    bench.enter(Case::Fan8, async move || {
        let p = Case::Fan8.asked();
        let answers = rpc::multi_call(&actors, |reply| Ask(p, reply), None).await.expect("are sent");
        P::sum(answers.into_iter().map(|answer| answer.expect("answers")))
    })
}

fn retry(bench: &mut Bench) -> Id {
    let actor = bench.runtime.block_on(start(Flaky));
    bench.enter(Case::Retry, async move || call!(actor, Try, Case::Retry.asked(), 1).expect("answers"))
}

fn flight(bench: &mut Bench) -> Id {
    let gate = Arc::new(Gate::default());
    bench.enter_long(Case::Flight, async move || {
        let mut waiting = Vec::with_capacity(MANY as usize);
        for _ in 0..MANY {
            let (actor, task) = Actor::spawn(None, Wait(gate.clone()), ()).await.expect("starts");
            let (port, answer) = oneshot();
            actor.cast(Ask(Case::Flight.asked(), port.into())).expect("is sent");
            waiting.push((answer, task));
        }
        gate.open_for(MANY).await;
        let mut ended = Vec::with_capacity(MANY as usize);
        for (answer, task) in waiting {
            ended.push(answer.await.expect("answers"));
            task.await.expect("ends");
        }
        P::sum(ended)
    })
}
