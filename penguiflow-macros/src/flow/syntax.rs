//! What a flow looks like as the user wrote it. Holds the user's tokens; knows neither parsing nor meaning.

use crate::args::PolicyArgs;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use std::time::Duration;

/// One call of `flow!`.
pub(crate) struct Flow {
    pub(crate) form: Form,
    pub(crate) settings: Settings,
    /// In source order, one at least.
    pub(crate) chains: Vec<Chain>,
    /// Names in places that have no meaning yet. The expansion mentions them, so that an editor still knows them.
    pub(crate) strays: Vec<Path>,
}

/// Where a flow stands, and what its head says.
pub(crate) enum Form {
    Item(Header),
    /// An item whose head has a mistake that was told. Its name, if there is one, still means something elsewhere.
    Headless(Option<Owner>),
    Expression,
}

/// What stands before a flow's first chain and is said of the flow as a whole.
pub(crate) enum Setting {
    /// What one run may spend.
    Budget(Budget),
    /// What stands before every node.
    Channels(Entry),
}

/// The settings of one flow, each at most once.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) budget: Option<Budget>,
    pub(crate) channels: Option<Entry>,
}

/// `budget { hops: 64, usd: 0.50, deadline: "30s" }`.
#[derive(Clone, Copy, Default)]
pub(crate) struct Budget {
    pub(crate) hops: Option<u64>,
    pub(crate) tokens: Option<u64>,
    /// Money, in pico-dollars.
    pub(crate) picos: Option<u64>,
    pub(crate) deadline: Option<Duration>,
    /// The word that asks for a proof of the deadline.
    pub(crate) prove: Option<Span>,
}

impl Settings {
    /// Takes `setting` in; false if it was there already.
    pub(crate) fn add(&mut self, setting: Setting) -> bool {
        match setting {
            Setting::Budget(budget) => self.budget.replace(budget).is_none(),
            Setting::Channels(channels) => self.channels.replace(channels).is_none(),
        }
    }
}

impl Attr {
    /// `unix` of `#[cfg(unix)]`.
    pub(crate) fn condition(&self) -> Option<TokenStream> {
        let TokenTree::Group(brackets) = self.tokens.clone().into_iter().nth(1)? else { return None };
        let TokenTree::Group(condition) = brackets.stream().into_iter().nth(1)? else { return None };
        Some(condition.stream())
    }
}

/// `/// docs  pub support(Question) -> Answer`.
pub(crate) struct Header {
    pub(crate) owner: Owner,
    pub(crate) input: TokenStream,
    pub(crate) output: TokenStream,
}

/// `/// docs  pub support`.
pub(crate) struct Owner {
    pub(crate) attrs: Vec<Attr>,
    pub(crate) vis: TokenStream,
    pub(crate) name: Ident,
}

/// `#[name …]`; without a name it is none.
#[derive(Clone)]
pub(crate) struct Attr {
    pub(crate) name: String,
    pub(crate) tokens: TokenStream,
}

/// Steps tied by arrows.
#[derive(Clone, Default)]
pub(crate) struct Chain {
    pub(crate) steps: Vec<Step>,
    /// `drop` or `done` at the end; only an arm's chain has one.
    pub(crate) exit: Option<Exit>,
}

/// One thing between two arrows.
#[derive(Clone)]
pub(crate) enum Step {
    Node(Mention),
    Fork(Fork),
    Gather(Gather),
    Map(Map),
    Repeat(Repeat),
    Tee(Tee),
    Entry(Entry),
    /// Something that was told to be a mistake; whatever depends on it is silent.
    Lost(Span),
}

/// A node's name, with what is said about it here.
#[derive(Clone)]
pub(crate) struct Mention {
    pub(crate) path: Path,
    pub(crate) policy: Option<Policy>,
    pub(crate) alias: Option<Ident>,
    /// What is asked about the arm that a router chose.
    pub(crate) asks: Option<Path>,
    pub(crate) arms: Option<Arms>,
}

/// The name of a node as written: `search` or `nodes::search`.
#[derive(Clone)]
pub(crate) struct Path {
    pub(crate) tokens: TokenStream,
    /// The name without whitespace: what makes two mentions the same node.
    pub(crate) text: String,
    pub(crate) last: Ident,
}

/// `(retries = 2, timeout = "5s")` behind a node.
#[derive(Clone)]
pub(crate) struct Policy {
    pub(crate) args: PolicyArgs,
    /// As it was written, for messages.
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// `{ Good -> polish, Refuse -> drop }` behind a router.
#[derive(Clone)]
pub(crate) struct Arms {
    pub(crate) arms: Vec<Arm>,
    pub(crate) span: Span,
}

/// One variant and where it goes.
#[derive(Clone)]
pub(crate) struct Arm {
    pub(crate) cfgs: Vec<Attr>,
    pub(crate) variant: Ident,
    pub(crate) chain: Chain,
}

/// An arm's end that leaves the flow.
#[derive(Clone)]
pub(crate) struct Exit {
    pub(crate) kind: ExitKind,
    pub(crate) word: Ident,
}

/// How an arm leaves the flow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitKind {
    Drop,
    Done,
}

/// `(b, c -> d)`.
#[derive(Clone)]
pub(crate) struct Fork {
    pub(crate) branches: Vec<Chain>,
    /// Whether each branch runs in a task of its own.
    pub(crate) parallel: bool,
    pub(crate) span: Span,
}

/// A word that gathers a fork's branches.
#[derive(Clone)]
pub(crate) struct Gather {
    pub(crate) word: Ident,
    pub(crate) rule: Rule,
}

/// Which branches a gather waits for.
#[derive(Clone, Copy)]
pub(crate) enum Rule {
    /// `join`: all of them, as a tuple.
    All,
    /// `join_k(k)`: the first k that succeed, as a `Vec`.
    FirstK(Count),
    /// `first`: the first that succeeds.
    First,
    /// `settle`: all of them, as a tuple of `Result`s.
    Settle,
    /// A rule that was told to be a mistake: what it hands on is unknown.
    Told,
}

/// `map(worker, 8, limit = 100)`.
#[derive(Clone)]
pub(crate) struct Map {
    pub(crate) word: Ident,
    pub(crate) worker: Mention,
    pub(crate) width: Count,
    pub(crate) limit: Option<Count>,
    /// Whether each item runs in a task of its own.
    pub(crate) parallel: bool,
}

/// `repeat(turns = 8) { … } else wrap_up`.
#[derive(Clone)]
pub(crate) struct Repeat {
    pub(crate) word: Ident,
    pub(crate) turns: Count,
    pub(crate) body: Chain,
    pub(crate) otherwise: Option<Box<Step>>,
}

/// A word that says how messages enter the next node.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) word: Ident,
    pub(crate) kind: EntryKind,
}

/// How messages enter a node.
#[derive(Clone, Copy)]
pub(crate) enum EntryKind {
    Queue(Queue),
    Batch(Batch),
}

/// `queue(64, workers = 4)`.
#[derive(Clone, Copy)]
pub(crate) struct Queue {
    pub(crate) capacity: Count,
    pub(crate) workers: Option<Count>,
}

/// `tee(log)`, `tee(log -> store, best_effort)`.
#[derive(Clone)]
pub(crate) struct Tee {
    pub(crate) word: Ident,
    pub(crate) side: Chain,
    /// Whether a failure beside the flow is none of it.
    pub(crate) best_effort: bool,
}

/// A number that the user wrote.
#[derive(Clone, Copy)]
pub(crate) struct Count {
    pub(crate) value: usize,
    pub(crate) span: Span,
}

impl Owner {
    /// The attributes that say whether the flow is there at all.
    pub(crate) fn cfgs(&self) -> impl Iterator<Item = &TokenStream> {
        self.attrs.iter().filter(|attr| attr.name == "cfg").map(|attr| &attr.tokens)
    }
}

/// `batch(32, "10ms")`.
#[derive(Clone, Copy)]
pub(crate) struct Batch {
    pub(crate) size: Count,
    /// How long the first message waits for others.
    pub(crate) linger: Duration,
}

impl Queue {
    /// How many workers there are.
    pub(crate) fn workers(self) -> usize {
        self.workers.map_or(1, |workers| workers.value)
    }
}

impl Count {
    /// For a number that is missing or wrong and was told to be.
    pub(crate) fn stand_in(span: Span) -> Self {
        Count { value: 1, span }
    }
}

impl Mention {
    /// What the node is called where it stands.
    pub(crate) fn name(&self) -> String {
        self.alias.as_ref().map_or_else(|| self.path.text.clone(), Ident::to_string)
    }

    /// Whether it says nothing but a name.
    pub(crate) fn is_bare(&self) -> bool {
        self.policy.is_none() && self.alias.is_none() && self.arms.is_none()
    }
}

impl Step {
    /// The node, if it is one.
    pub(crate) fn node(&self) -> Option<&Mention> {
        if let Step::Node(node) = self { Some(node) } else { None }
    }

    /// The fork, if it is one.
    pub(crate) fn fork(&self) -> Option<&Fork> {
        if let Step::Fork(fork) = self { Some(fork) } else { None }
    }

    /// Where a mistake about the whole step is shown.
    pub(crate) fn span(&self) -> Span {
        match self {
            Step::Node(mention) => mention.path.last.span(),
            Step::Fork(fork) => fork.span,
            Step::Gather(gather) => gather.word.span(),
            Step::Map(map) => map.word.span(),
            Step::Repeat(repeat) => repeat.word.span(),
            Step::Tee(tee) => tee.word.span(),
            Step::Entry(entry) => entry.word.span(),
            Step::Lost(span) => *span,
        }
    }

    /// What a message calls the step.
    pub(crate) fn name(&self) -> String {
        match self {
            Step::Node(mention) => mention.path.text.clone(),
            Step::Fork(_) => "(…)".to_owned(),
            Step::Gather(gather) => gather.word.to_string(),
            Step::Map(map) => map.word.to_string(),
            Step::Repeat(repeat) => repeat.word.to_string(),
            Step::Tee(tee) => tee.word.to_string(),
            Step::Entry(entry) => entry.word.to_string(),
            Step::Lost(_) => "…".to_owned(),
        }
    }
}

impl ToTokens for Path {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.tokens.clone());
    }
}
