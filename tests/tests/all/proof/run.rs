//! Runs drawn flows and keeps the books: who was called, when, with what, and how many tokens live.

use penguiflow::prelude::*;
use penguiflow::{ErrorKind, FlowError, Live, Options, Provides, StartError, Trace};
use penguiflow_tests::proof::interpret::{Call, End};
use penguiflow_tests::proof::script::Script;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use tokio::time::Instant;

/// The state of drawn flows.
#[derive(Debug, Provides)]
pub(crate) struct App {
    pub(crate) log: Log,
}

/// What happened; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Log(Arc<Books>);

#[derive(Debug)]
struct Books {
    /// Nothing where nobody wants to know.
    calls: Option<Mutex<Vec<Noted>>>,
    live: AtomicUsize,
    /// Runs of nodes that have no token to be noted with.
    silent: AtomicUsize,
}

/// One attempt of a node for one message.
#[derive(Debug)]
struct Noted {
    message: usize,
    node: u32,
    value: u64,
    attempt: u32,
    at: Instant,
}

impl Log {
    /// A log that keeps everything.
    pub(crate) fn new() -> Self {
        Log(Arc::new(Books { calls: Some(Mutex::default()), live: AtomicUsize::new(0), silent: AtomicUsize::new(0) }))
    }

    /// A log that only counts what lives.
    #[allow(dead_code, reason = "for who runs too much to keep it")]
    pub(crate) fn forgetful() -> Self {
        Log(Arc::new(Books { calls: None, live: AtomicUsize::new(0), silent: AtomicUsize::new(0) }))
    }

    /// Attempt `attempt` of the node `node` begins.
    pub(crate) fn note(&self, node: u32, token: &Token, attempt: u32) {
        let Some(calls) = &self.0.calls else { return };
        let noted = Noted { message: token.message, node, value: token.value, attempt, at: crate::kit::now() };
        calls.lock().expect("nobody panics inside").push(noted);
    }

    /// A node runs that was given no token.
    pub(crate) fn note_silent(&self) {
        self.0.silent.fetch_add(1, SeqCst);
    }

    /// How many nodes ran for a message, if it is the only one.
    #[allow(dead_code, reason = "for who counts hops")]
    pub(crate) fn hops(&self, message: usize) -> u64 {
        let calls = self.calls(message, None);
        (calls.iter().filter(|call| call.attempt == 1).count() + self.0.silent.load(SeqCst)) as u64
    }

    /// A message's first token.
    pub(crate) fn token(&self, message: usize, script: Script, value: u64) -> Token {
        Token { message, script, value, life: Life::new(self.0.clone()) }
    }

    /// How many tokens live.
    pub(crate) fn live(&self) -> usize {
        self.0.live.load(SeqCst)
    }

    /// How many flows, nodes and tokens still know the log.
    pub(crate) fn holders(&self) -> usize {
        Arc::strong_count(&self.0)
    }

    /// The attempts of a message, in the order of their times, counted from the first, or from `begin`.
    pub(crate) fn calls(&self, message: usize, begin: Option<Instant>) -> Vec<Call> {
        let Some(all) = &self.0.calls else { return Vec::new() };
        let all = all.lock().expect("nobody panics inside");
        let own: Vec<&Noted> = all.iter().filter(|noted| noted.message == message).collect();
        let call = |noted: &&Noted| {
            let Noted { node, value, attempt, at, .. } = **noted;
            Call { at: (at - begin.unwrap_or(own[0].at)).as_millis() as u64, node, value, attempt }
        };
        let mut calls: Vec<_> = own.iter().map(call).collect();
        calls.sort_unstable();
        calls
    }
}

/// What travels through drawn flows.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) message: usize,
    pub(crate) script: Script,
    pub(crate) value: u64,
    #[expect(dead_code, reason = "lives as long as the token does")]
    life: Life,
}

impl Token {
    /// The same message's token with another value.
    pub(crate) fn with(&self, value: u64) -> Token {
        Token { value, ..self.clone() }
    }
}

/// Counts itself.
#[derive(Debug)]
struct Life(Arc<Books>);

impl Life {
    fn new(books: Arc<Books>) -> Self {
        books.live.fetch_add(1, SeqCst);
        Life(books)
    }
}

impl Clone for Life {
    fn clone(&self) -> Self {
        Life::new(self.0.clone())
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.0.live.fetch_sub(1, SeqCst);
    }
}

/// A started flow, whatever its name.
pub(crate) struct Driven {
    pub(crate) try_emit: Box<dyn Fn(Message<Token>) -> Option<Trace<Token>>>,
    pub(crate) in_flight: Box<dyn Fn() -> usize>,
    #[allow(dead_code, reason = "for who keeps the books")]
    pub(crate) dead_letters: Box<dyn Fn() -> u64>,
    #[allow(dead_code, reason = "for who looks on")]
    pub(crate) watch: Box<dyn Fn() -> Live>,
    #[allow(dead_code, reason = "for who looks on")]
    pub(crate) live: Option<Live>,
}

/// How each flow is started, by its number.
pub(crate) type Flows = &'static [fn(App, Options) -> Result<Driven, StartError>];

/// Starts the flow `$flow`.
macro_rules! driven {
    ($flow:ident) => {
        |app, options| {
            let handle = $flow::flow().with_state(app).with_options(options).start()?;
            let (other, third, fourth) = (handle.clone(), handle.clone(), handle.clone());
            Ok($crate::proof::run::Driven {
                try_emit: Box::new(move |message| handle.try_emit(message).ok()),
                in_flight: Box::new(move || other.in_flight()),
                dead_letters: Box::new(move || third.counts().dead_letters),
                watch: Box::new(move || penguiflow::Live::of(&fourth)),
                live: None,
            })
        }
    };
}
pub(crate) use driven;

/// A trace's ending in the interpreter's words.
pub(crate) fn end(ending: Ending<Token>) -> End {
    match ending {
        Ending::Completed(token) => End::Completed(token.value),
        Ending::Failed(error) => failed(&error),
        Ending::Cancelled => End::Cancelled,
        Ending::DeadlineExceeded => End::DeadlineExceeded,
        Ending::BudgetExceeded(_) => End::OutOfTurns,
        Ending::Dropped { at } => End::Dropped(at.into()),
        other => panic!("a new ending: {other:?}"),
    }
}

fn failed(error: &FlowError) -> End {
    let branches = match error.kind() {
        ErrorKind::JoinStarved { errors, .. } => errors.iter().map(|error| error.node().to_owned()).collect(),
        _ => Vec::new(),
    };
    End::Failed { node: error.node().to_owned(), code: error.code(), attempt: error.attempt(), branches }
}
