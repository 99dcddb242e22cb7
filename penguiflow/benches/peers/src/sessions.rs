//! graph-flow: a run is a session in a storage, here the one in memory. A hop looks its task up by name, runs it in a boxed future
//! under a timer, and finds the next one by its edges; values go through the session's context, as JSON by their keys.

use crate::case::{ATTEMPTS, Case, Gate, MANY, P};
use crate::measure::Id;
use crate::{Bench, Entries};
use async_trait::async_trait;
use graph_flow::{
    Context, ExecutionStatus, FanOutTask, FlowRunner, GraphBuilder, GraphError, InMemorySessionStorage, NextAction,
    Session, SessionStorage as _, Task, TaskResult,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The key of the value that goes from task to task.
const VALUE: &str = "p";
const TRIES: &str = "tries";

fn value(context: &Context, key: &str) -> graph_flow::Result<P> {
    context.get(key).ok_or_else(|| GraphError::ContextError(format!("no `{key}`")))
}

fn then(next: &NextAction) -> graph_flow::Result<TaskResult> {
    Ok(TaskResult::new(None, next.clone()))
}

/// A step of a chain, or a branch, which leaves its value at a key of its own.
struct Hop {
    id: String,
    to: String,
    next: NextAction,
}

#[async_trait]
impl Task for Hop {
    fn id(&self) -> &str {
        &self.id
    }

    async fn run(&self, context: Context) -> graph_flow::Result<TaskResult> {
        context.set(&*self.to, value(&context, VALUE)?.step())?;
        then(&self.next)
    }
}

struct Sum(Vec<String>);

#[async_trait]
impl Task for Sum {
    fn id(&self) -> &str {
        "sum"
    }

    async fn run(&self, context: Context) -> graph_flow::Result<TaskResult> {
        let branches: Result<Vec<P>, _> = self.0.iter().map(|key| value(&context, key)).collect();
        context.set(VALUE, P::sum(branches?))?;
        then(&NextAction::End)
    }
}

struct Turn;

#[async_trait]
impl Task for Turn {
    fn id(&self) -> &str {
        "turn"
    }

    async fn run(&self, context: Context) -> graph_flow::Result<TaskResult> {
        match value(&context, VALUE)?.turn() {
            Some(p) => {
                context.set(VALUE, p)?;
                then(&NextAction::ContinueAndExecute)
            }
            None => then(&NextAction::End),
        }
    }
}

struct Flaky;

#[async_trait]
impl Task for Flaky {
    fn id(&self) -> &str {
        "flaky"
    }

    async fn run(&self, context: Context) -> graph_flow::Result<TaskResult> {
        let tries = context.get(TRIES).unwrap_or(0) + 1;
        context.set(TRIES, tries)?;
        if tries < ATTEMPTS {
            return Err(GraphError::TaskExecutionFailed("it failed".to_owned()));
        }
        context.set(VALUE, P { b: tries, ..value(&context, VALUE)?.step() })?;
        then(&NextAction::End)
    }
}

struct Wait(Arc<Gate>);

#[async_trait]
impl Task for Wait {
    fn id(&self) -> &str {
        "wait"
    }

    async fn run(&self, context: Context) -> graph_flow::Result<TaskResult> {
        self.0.pass().await;
        context.set(VALUE, value(&context, VALUE)?.step())?;
        then(&NextAction::End)
    }
}

/// A graph with its storage.
struct Flow {
    runner: FlowRunner,
    storage: Arc<InMemorySessionStorage>,
    first: &'static str,
    sessions: AtomicU64,
}

impl Flow {
    fn new(first: &'static str, graph: GraphBuilder) -> Flow {
        let storage = Arc::new(InMemorySessionStorage::new());
        let runner = FlowRunner::new(Arc::new(graph.build().expect("a graph")), storage.clone());
        Flow { runner, storage, first, sessions: AtomicU64::new(0) }
    }

    /// Runs a session from its first task, and again from where it failed, `tries` times in all.
    async fn run(&self, p: P, tries: u64) -> P {
        let id = self.sessions.fetch_add(1, Relaxed).to_string();
        let session = Session::new_from_task(id.clone(), self.first);
        let context = session.context.clone();
        context.set(VALUE, p).expect("is written");
        self.storage.save(session).await.expect("is stored");
        for tried in 1..=tries {
            match self.runner.run(&id).await {
                Ok(result) => {
                    assert!(matches!(result.status, ExecutionStatus::Completed), "{result:?}");
                    break;
                }
                Err(error) => assert!(tried < tries, "{error}"),
            }
        }
        self.storage.delete(&id).await.expect("is there");
        value(&context, VALUE).expect("is there")
    }
}

fn chain(hops: usize) -> Flow {
    let id = |hop: usize| format!("t{hop}");
    let next = |hop| if hop + 1 < hops { NextAction::ContinueAndExecute } else { NextAction::End };
    let task = |hop| Arc::new(Hop { id: id(hop), to: VALUE.to_owned(), next: next(hop) });
    let graph = (0..hops).fold(GraphBuilder::new("chain"), |graph, hop| graph.add_task(task(hop)));
    Flow::new("t0", (1..hops).fold(graph, |graph, hop| graph.add_edge(id(hop - 1), id(hop))))
}

fn fan8() -> Flow {
    let keys: Vec<String> = (0..8).map(|branch| format!("b{branch}")).collect();
    let branch = |key: &String| -> Arc<dyn Task> {
        Arc::new(Hop { id: key.clone(), to: key.clone(), next: NextAction::Continue })
    };
    let fan = FanOutTask::new("fan", keys.iter().map(branch).collect());
    let fan = fan.with_next_action(NextAction::ContinueAndExecute);
    Flow::new("fan", GraphBuilder::new("fan8").add_task(fan).add_task(Arc::new(Sum(keys))).add_edge("fan", "sum"))
}

/// Enters the rounds.
pub fn enter(bench: &mut Bench) -> Entries {
    let mut run =
        |case: Case, flow: Flow, tries| Some(bench.enter(case, async move || flow.run(case.asked(), tries).await));
    let turn = GraphBuilder::new("loop").add_task(Arc::new(Turn)).add_edge("turn", "turn");
    let flaky = GraphBuilder::new("retry").add_task(Arc::new(Flaky));
    Entries::from([
        run(Case::Chain4, chain(4), 1),
        run(Case::Chain16, chain(16), 1),
        run(Case::Fan8, fan8(), 1),
        run(Case::Loop, Flow::new("turn", turn), 1),
        None,
        run(Case::Retry, Flow::new("flaky", flaky), ATTEMPTS),
        Some(flight(bench)),
    ])
}

fn flight(bench: &mut Bench) -> Id {
    let gate = Arc::new(Gate::default());
    let graph = GraphBuilder::new("flight").add_task(Arc::new(Wait(gate.clone())));
    let flow = Arc::new(Flow::new("wait", graph));
    bench.enter_long(Case::Flight, async move || {
        let spawn = |_| {
            let flow = flow.clone();
            tokio::spawn(async move { flow.run(Case::Flight.asked(), 1).await })
        };
        let tasks: Vec<_> = (0..MANY).map(spawn).collect();
        gate.open_for(MANY).await;
        let mut ended = Vec::with_capacity(MANY as usize);
        for task in tasks {
            ended.push(task.await.expect("ends"));
        }
        P::sum(ended)
    })
}
