//! The layers of the two crates, lowest first, and the few files that may do what the others may not.
//! Data only: a new room is one word here.

/// The rooms of one folder, and which of them may import which.
pub(super) struct Table {
    /// The crate's source folder.
    pub(super) root: &'static str,
    /// The module whose children are the rooms; empty for the crate itself.
    pub(super) within: &'static [&'static str],
    /// Lowest first; a room imports its own layer and those below.
    pub(super) layers: &'static [Layer],
    /// Re-export only, and nothing imports them.
    pub(super) facades: &'static [&'static str],
    /// May import everything; only tests import them.
    pub(super) beside: &'static [&'static str],
}

pub(super) struct Layer {
    pub(super) name: &'static str,
    pub(super) rooms: &'static [&'static str],
    pub(super) sideways: Sideways,
}

/// Whether rooms of one layer may import one another.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Sideways {
    /// As long as no circle comes of it.
    Acyclic,
    /// Not at all.
    Refused,
}

use Sideways::{Acyclic, Refused};

pub(super) const TABLES: &[Table] = &[
    Table {
        root: "penguiflow/src",
        within: &[],
        layers: &[
            Layer {
                name: "vocabulary",
                rooms: &[
                    "bug", "clock", "error", "event", "id", "message", "money", "net", "payload", "place", "policy",
                    "secret", "sse", "stream", "sync", "validate",
                ],
                sideways: Acyclic,
            },
            Layer { name: "graph", rooms: &["graph"], sideways: Acyclic },
            Layer { name: "runtime", rooms: &["runtime"], sideways: Acyclic },
            Layer { name: "telemetry", rooms: &["telemetry"], sideways: Acyclic },
            Layer { name: "models", rooms: &["llm"], sideways: Acyclic },
        ],
        facades: &["lib", "prelude", "__private"],
        beside: &["testkit"],
    },
    Table {
        root: "penguiflow-macros/src",
        within: &[],
        layers: &[
            Layer { name: "diagnostics", rooms: &["diag"], sideways: Acyclic },
            Layer {
                name: "shared parts",
                rooms: &["args", "crate_path", "docs", "fallback", "sig"],
                sideways: Acyclic,
            },
            Layer { name: "macros", rooms: &["flow", "message", "node", "state"], sideways: Refused },
            Layer { name: "door", rooms: &["door"], sideways: Acyclic },
            Layer { name: "crate root", rooms: &["lib"], sideways: Acyclic },
        ],
        facades: &[],
        beside: &[],
    },
    Table {
        root: "penguiflow-macros/src",
        within: &["flow"],
        layers: &[
            Layer {
                name: "what was written",
                rooms: &["cursor", "graph", "loops", "syntax", "text", "topo", "ways"],
                sideways: Acyclic,
            },
            Layer {
                name: "phases",
                rooms: &["check", "fingerprint", "lower", "parse", "paths", "variants", "weave", "web", "words"],
                sideways: Acyclic,
            },
            Layer { name: "expansion", rooms: &["expand"], sideways: Acyclic },
        ],
        facades: &[],
        beside: &[],
    },
];

/// Files that start tasks or threads, as (file, what for): everything else is polled in the caller's own task.
pub(super) const SPAWNERS: &[(&str, &str)] = &[
    ("penguiflow/src/graph/context.rs", "`Ctx::spawn`: the task ends with its trace"),
    ("penguiflow/src/runtime/batch.rs", "a batch, from its first message to its last answer"),
    ("penguiflow/src/runtime/desk.rs", "`emit`: a trace of its own"),
    ("penguiflow/src/runtime/hop/blocking.rs", "`blocking` nodes"),
    ("penguiflow/src/runtime/observe/pump.rs", "the thread of an observer, which ends with its flow"),
    ("penguiflow/src/runtime/spawned.rs", "branches and items that run in parallel, aborted with their trace"),
    ("penguiflow/src/runtime/queue.rs", "the workers of a queue, which end with their flow"),
    ("penguiflow/src/telemetry/mlflow/scribe.rs", "the thread that talks to an MLflow server, which ends with its run"),
    ("penguiflow/src/telemetry/otel/sender.rs", "the thread that sends spans, which ends with its `Telemetry`"),
];

/// The files in which a trait becomes an object, as (file, trait).
pub(super) const ERASURES: &[(&str, &str)] = &[
    ("penguiflow/src/clock.rs", "Clock"),
    ("penguiflow/src/graph/channels.rs", "Any"),
    ("penguiflow/src/graph/channels.rs", "Channel"),
    ("penguiflow/src/graph/codec/coded.rs", "Any"),
    ("penguiflow/src/graph/routing.rs", "Any"),
    ("penguiflow/src/graph/stub.rs", "Any"),
    ("penguiflow/src/graph/stub.rs", "Future"),
    ("penguiflow/src/graph/stub.rs", "Gives"),
    ("penguiflow/src/graph/table.rs", "Any"),
    ("penguiflow/src/graph/table.rs", "Fn"),
    ("penguiflow/src/graph/watch.rs", "Observer"),
    ("penguiflow/src/graph/watch/interpose.rs", "Interpose"),
    ("penguiflow/src/graph/watch/play.rs", "Any"),
    ("penguiflow/src/graph/watch/play.rs", "Playing"),
    ("penguiflow/src/graph/watch/tape.rs", "Any"),
    ("penguiflow/src/graph/watch/tape.rs", "Taping"),
    ("penguiflow/src/llm/cassette.rs", "Transport"),
    ("penguiflow/src/llm/cassette/record.rs", "Transport"),
    ("penguiflow/src/llm/client.rs", "Model"),
    ("penguiflow/src/llm/client/chain.rs", "Model"),
    ("penguiflow/src/llm/client/drive.rs", "Model"),
    ("penguiflow/src/llm/client/generating.rs", "Fn"),
    ("penguiflow/src/llm/long_tail.rs", "KeySource"),
    ("penguiflow/src/llm/model.rs", "Stream"),
    ("penguiflow/src/llm/observe/capture.rs", "Fn"),
    ("penguiflow/src/llm/signing/linked.rs", "AwsKeySource"),
    ("penguiflow/src/llm/signing/linked.rs", "Transport"),
    ("penguiflow/src/llm/signing/unlinked.rs", "AwsKeySource"),
    ("penguiflow/src/llm/signing/unlinked.rs", "Transport"),
    ("penguiflow/src/llm/stand_in/scripted.rs", "Fn"),
    ("penguiflow/src/llm/network/linked.rs", "Transport"),
    ("penguiflow/src/llm/network/unlinked.rs", "Transport"),
    ("penguiflow/src/llm/provider.rs", "AwsKeySource"),
    ("penguiflow/src/llm/provider.rs", "KeySource"),
    ("penguiflow/src/llm/provider.rs", "Transport"),
    ("penguiflow/src/llm/provider/account.rs", "KeySource"),
    ("penguiflow/src/llm/provider/client_credentials.rs", "Transport"),
    ("penguiflow/src/llm/provider/row.rs", "Wire"),
    ("penguiflow/src/llm/transport.rs", "Stream"),
    ("penguiflow/src/llm/wire/openai.rs", "Reader"),
    ("penguiflow/src/llm/wire/responses.rs", "Reader"),
    ("penguiflow/src/llm/wired.rs", "KeySource"),
    ("penguiflow/src/llm/wired.rs", "Reader"),
    ("penguiflow/src/llm/wired.rs", "Transport"),
    ("penguiflow/src/llm/wired.rs", "Wire"),
    ("penguiflow/src/llm/wire.rs", "Reader"),
    // A stream of each format is read by a reader of its own.
    ("penguiflow/src/llm/wire/anthropic.rs", "Reader"),
    ("penguiflow/src/llm/wire/converse.rs", "Reader"),
    ("penguiflow/src/llm/wire/gemini.rs", "Reader"),
    ("penguiflow/src/runtime/desk/told.rs", "Any"),
    ("penguiflow/src/runtime/flow.rs", "FnOnce"),
    ("penguiflow/src/runtime/fork.rs", "Arm"),
    ("penguiflow/src/runtime/handle.rs", "Started"),
    ("penguiflow/src/runtime/hop/played.rs", "Any"),
    ("penguiflow/src/runtime/hop/told.rs", "Any"),
    ("penguiflow/src/runtime/hop/ways.rs", "Any"),
    ("penguiflow/src/runtime/posts.rs", "Any"),
    ("penguiflow/src/runtime/posts.rs", "Traces"),
    ("penguiflow/src/runtime/posts.rs", "Unread"),
    ("penguiflow/src/runtime/registry.rs", "Any"),
    ("penguiflow/src/runtime/root.rs", "Any"),
    ("penguiflow/src/runtime/spawned.rs", "Any"),
    ("penguiflow/src/runtime/route/policed.rs", "Any"),
    ("penguiflow/src/runtime/weave/meet.rs", "Source"),
    ("penguiflow/src/telemetry/logging/lines.rs", "Write"),
    ("penguiflow/src/telemetry/recording.rs", "Fn"),
    ("penguiflow/src/telemetry/recording/draft.rs", "Any"),
    ("penguiflow/src/testkit/replay.rs", "Any"),
    ("penguiflow/src/testkit/replay/player.rs", "Any"),
    ("penguiflow/src/testkit/replay/player.rs", "FnOnce"),
];

/// Traits whose objects hide no part of a flow, so that every file may hold them.
pub(super) const ERASED_ANYWHERE: &[&str] = &["Error", "StdError", "Debug", "Display", "ToTokens"];

/// Files that may panic, as (file, in how many places, why no input of a user leads there).
pub(super) const PANICKERS: &[(&str, usize, &str)] = &[
    ("penguiflow/src/graph/edge.rs", 1, "stands in programs that do not compile"),
    ("penguiflow/src/graph/node.rs", 1, "runs when a flow is compiled, and never later"),
    ("penguiflow/src/runtime/fork.rs", 2, "expansions take what a branch ended with once its join is done"),
    ("penguiflow/src/runtime/fork/join.rs", 1, "expansions take the one value once their `first` is done"),
    ("penguiflow/src/runtime/weave.rs", 1, "expansions take what a stretch ended with once its join is done"),
    ("penguiflow/src/runtime/weave/meet.rs", 1, "expansions take how a stretch settled once its `settle` is done"),
    ("penguiflow/src/testkit/paused.rs", 1, "a runtime for tests, which needs nothing of the system"),
    ("penguiflow/src/runtime/repeat.rs", 1, "expansions take a turn's state once, and the turn before leaves it"),
];

/// Files of any length, with functions of any length, as (file, why).
pub(super) const ANY_LENGTH: &[(&str, &str)] = &[
    ("penguiflow/tests/by_hand.rs", "expansions as the macro prints them, for people to read beside it"),
    ("tests/tests/all/proof/flows.rs", "written by a program"),
];

/// Files of the macro crate, or folders of it with a `/` behind, in which output is made.
pub(super) const EXPANDERS: &[&str] = &[
    "args/print.rs",
    "crate_path.rs",
    "diag.rs",
    "docs.rs",
    "fallback.rs",
    "flow/expand.rs",
    "flow/expand/",
    "message/expand.rs",
    "message/expand/",
    "node/expand.rs",
    "node/expand/",
    "state.rs",
];

/// What may lie at the top of the repository.
pub(super) const TOP_LEVEL: &[&str] = &[
    ".ci",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "clippy.toml",
    "docs",
    "examples",
    "fuzz",
    "penguiflow",
    "penguiflow-macros",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "tests",
    "ui-tests",
];

#[test]
fn the_files_that_may_do_more_are_there() {
    let spawners = SPAWNERS.iter().map(|(path, _)| *path);
    let erasures = ERASURES.iter().map(|(path, _)| *path);
    let panickers = PANICKERS.iter().map(|(path, ..)| *path);
    let long = ANY_LENGTH.iter().map(|(path, _)| *path);
    let gone: Vec<&str> = spawners
        .chain(erasures)
        .chain(panickers)
        .chain(long)
        .filter(|path| !penguiflow_tests::metadata::root().join(path).exists())
        .collect();
    assert_eq!(gone, Vec::<&str>::new());
}
