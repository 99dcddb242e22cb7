//! The same answers of models read by penguiflow and by genai, from a server on this machine, in one run in which both take turns. Prints
//! a table; an answer that is not what was sent stops it. `-- --quick` runs a few short rounds. Never fails because of a time.

#[allow(dead_code, reason = "others use more of it")]
#[path = "../../../models/answers.rs"]
mod answers;
mod genai_client;
#[path = "../../../figures/grid.rs"]
mod grid;
#[allow(dead_code, reason = "others use more of it")]
#[path = "../../../figures/heap.rs"]
mod heap;
#[path = "../../../figures/measure.rs"]
mod measure;
mod ours;
mod plain;
mod server;

use answers::Format;
use futures_util::future::BoxFuture;
use measure::{Effort, Id, Lab, now};
use server::Server;
use std::rc::Rc;
use tokio::runtime::Runtime;

/// About how long the body of the long answer is.
const BYTES: usize = 2_000_000;

/// Reads one answer of a server, and says how many bytes of text were in it.
pub type Ask = Box<dyn Fn() -> BoxFuture<'static, usize>>;

/// Who reads answers.
pub struct Contender {
    name: &'static str,
    /// Asks for an answer in one piece.
    whole: fn(Format, &str) -> Ask,
    /// Asks for an answer step by step, and keeps all of it.
    streamed: fn(Format, &str) -> Ask,
    /// Whether it reads the text; otherwise all bytes.
    reads: bool,
}

const CONTENDERS: [Contender; 3] = [
    Contender { name: "penguiflow", whole: ours::whole, streamed: ours::streamed, reads: true },
    Contender { name: "genai 0.7.2", whole: genai_client::whole, streamed: genai_client::streamed, reads: true },
    Contender { name: "the bytes alone", whole: plain::read, streamed: plain::read, reads: false },
];

/// One kind of answer.
struct Case {
    name: &'static str,
    format: Format,
    streamed: bool,
}

const CASES: [Case; 3] = [
    Case { name: "short answer of OpenAI in one piece", format: Format::OpenAi, streamed: false },
    Case { name: "stream of 2 MB of OpenAI", format: Format::OpenAi, streamed: true },
    Case { name: "stream of 2 MB of Anthropic", format: Format::Anthropic, streamed: true },
];

/// An answer, who serves it and what is in it.
struct Served {
    server: Server,
    bytes: usize,
    said: usize,
}

fn serve(case: &Case) -> Served {
    if case.streamed {
        let wire = answers::text(case.format, BYTES);
        Served { server: Server::streamed(&wire.body), bytes: wire.body.len(), said: wire.said }
    } else {
        let body = answers::whole("Krill.");
        Served { server: Server::whole(&body), bytes: body.len(), said: "Krill.".len() }
    }
}

/// One answer is read; how long that took.
fn enter(lab: &mut Lab, runtime: &Rc<Runtime>, case: &Case, served: &Served, contender: &Contender) -> (Id, f64) {
    let make = if case.streamed { contender.streamed } else { contender.whole };
    let ask = make(case.format, &served.server.url());
    let owed = if contender.reads { served.said } else { served.bytes };
    for _ in 0..2 {
        assert_eq!(runtime.block_on(ask()), owed, "{}: {}", contender.name, case.name);
    }
    let peak = heap::used(|| runtime.block_on(ask())).1.peak;
    let id = if case.streamed {
        let runtime = runtime.clone();
        lab.time_part(move || {
            // The first time it finds the heap as others have left it.
            runtime.block_on(ask());
            runtime.block_on(async {
                let start = now();
                std::hint::black_box(ask().await);
                start.elapsed()
            })
        })
    } else {
        lab.time(runtime, async move || ask().await)
    };
    (id, peak)
}

fn main() {
    let quick = std::env::args().any(|arg| arg == "--quick");
    let effort = if quick { Effort::QUICK } else { Effort::FULL };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (runtime, mut lab) = (Rc::new(runtime), Lab::new(effort));
    let served: Vec<Served> = CASES.iter().map(serve).collect();
    let entered: Vec<[(Id, f64); CONTENDERS.len()]> = CASES
        .iter()
        .zip(&served)
        .map(|(case, served)| std::array::from_fn(|at| enter(&mut lab, &runtime, case, served, &CONTENDERS[at])))
        .collect();
    lab.run();
    let mut rows = Vec::new();
    for ((case, served), entered) in CASES.iter().zip(&served).zip(&entered) {
        let us = entered.map(|(id, _)| lab.nanos(id) / 1e3);
        let [ours, theirs, _] = us;
        if case.streamed {
            rows.push(row(format!("{}, MB/s", case.name), us.map(|us| served.bytes as f64 / us), theirs / ours));
            let peaks = entered.map(|(_, peak)| peak / 1e3);
            rows.push(row(format!("{}, most KB at once", case.name), peaks, peaks[1] / peaks[0]));
        } else {
            rows.push(row(format!("{}, µs", case.name), us, theirs / ours));
        }
    }
    let [ours, theirs, alone] = CONTENDERS.map(|contender| contender.name);
    print!("{}", grid::grid(["case", ours, theirs, "×", alone], &rows, |column| column == 0));
}

/// How many times as long genai takes, or as much.
fn row(name: String, [ours, theirs, alone]: [f64; 3], times: f64) -> [String; 5] {
    let number = |value: f64| if value < 9.95 { format!("{value:.1}") } else { format!("{value:.0}") };
    [name, number(ours), number(theirs), number(times), number(alone)]
}
