//! Puts load on flows, on several threads and in real time, and fails where memory, a task or an ending is not what it has to be: a
//! million traces through all drawn flows, then a minute of faults. `-- faults 600` runs the faults alone, for ten minutes;
//! `-- --quick` is a short round of both.
#![allow(missing_docs, unreachable_pub, clippy::print_stdout, reason = "a program, whose output is its purpose")]

mod drawn;
#[allow(dead_code, reason = "what all benches share")]
#[path = "../../../penguiflow/benches/figures/heap.rs"]
mod heap;
#[allow(dead_code, reason = "what all tests share, of which this needs little")]
#[path = "../../tests/all/kit.rs"]
mod kit;
mod proof;
mod storm;

use std::process::ExitCode;
use std::time::Duration;

/// Thread caches and the runtime's own queues may grow by this much.
const GROWTH_BYTES_MAX: f64 = 65_536.0;
/// As many threads, where there are not that many cores: they are interrupted wherever they stand.
const THREADS_MIN: usize = 4;
const FAULTS_SECS: u64 = 60;
const FAULTS_SECS_QUICK: u64 = 5;

/// What was asked for.
struct Asked {
    quick: bool,
    /// How long the faults go on, if nothing else is to run.
    faults: Option<u64>,
}

impl Asked {
    fn of(args: &[String]) -> Result<Asked, String> {
        let quick = args.iter().any(|arg| arg == "--quick");
        let faults = match args.iter().position(|arg| arg == "faults") {
            None => None,
            Some(at) => match args.get(at + 1).and_then(|secs| secs.parse().ok()) {
                Some(secs) if secs > 0 => Some(secs),
                _ => return Err("`faults` takes a number of seconds: `-- faults 600`".to_owned()),
            },
        };
        Ok(Asked { quick, faults })
    }
}

fn main() -> ExitCode {
    let asked = match Asked::of(&std::env::args().collect::<Vec<_>>()) {
        Ok(asked) => asked,
        Err(why) => {
            println!("{why}");
            return ExitCode::from(2);
        }
    };
    // Each panic is asked for, and told by the ending.
    std::panic::set_hook(Box::new(|_| {}));
    let threads = std::thread::available_parallelism().map_or(THREADS_MIN, |cores| cores.get().max(THREADS_MIN));
    let builder = || tokio::runtime::Builder::new_multi_thread();
    let secs = asked.faults.unwrap_or(if asked.quick { FAULTS_SECS_QUICK } else { FAULTS_SECS });
    let mut sound = true;
    if asked.faults.is_none() {
        let runtime = builder().enable_time().build().expect("a runtime");
        sound &= drawn::soak(&runtime, asked.quick);
    }
    let runtime = builder().worker_threads(threads).enable_time().build().expect("a runtime");
    sound &= storm::storm(&runtime, Duration::from_secs(secs));
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
