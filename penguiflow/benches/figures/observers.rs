//! What a hop costs when somebody listens.

use crate::flows::*;
use crate::measure::{Id, Lab};
use crate::message;
use crate::table::{Row, Unit};
use penguiflow::{FlowEvent, Live, Observer};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::runtime::Runtime;

/// Counts what it hears.
#[derive(Default)]
struct Counts(AtomicU64);

impl Observer for Counts {
    fn on_event(&self, _: &FlowEvent) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// All works, to be read after the lab has run.
pub struct Works {
    in_line: [Id; 2],
    apart: [Id; 2],
    live: [Id; 2],
}

macro_rules! call {
    ($lab:ident, $runtime:ident, $flow:ident, $observe:ident) => {{
        let app = $runtime.block_on(async { $flow::flow().start() }).expect("starts");
        app.$observe(Counts::default()).forever();
        $lab.time($runtime, async move || app.call(message()).await)
    }};
}

/// With a board beside it, which lives as long as the flow.
macro_rules! call_live {
    ($lab:ident, $runtime:ident, $flow:ident) => {{
        let app = $runtime.block_on(async { $flow::flow().start() }).expect("starts");
        let live = Live::of(&app);
        $lab.time($runtime, async move || {
            let _live = &live;
            app.call(message()).await
        })
    }};
}

/// Adds all works.
pub fn works(lab: &mut Lab, runtime: &Rc<Runtime>) -> Works {
    Works {
        in_line: [call!(lab, runtime, chain4, observe_in_line), call!(lab, runtime, chain64, observe_in_line)],
        apart: [call!(lab, runtime, chain4, observe), call!(lab, runtime, chain64, observe)],
        live: [call_live!(lab, runtime, chain4), call_live!(lab, runtime, chain64)],
    }
}

/// The rows of what the lab has measured.
pub fn rows(lab: &Lab, works: &Works) -> Vec<Row> {
    let ns = |id| lab.nanos(id);
    let slope = |[short, long]: [Id; 2]| (ns(long) - ns(short)) / 60.0;
    let row = |name: &str, value| Row::new(name, Unit::Ns, value);
    vec![
        row("hop with a listening observer", slope(works.in_line)).aims_at(75.0, 120.0),
        row("hop with an observer on a thread of its own", slope(works.apart)),
        row("hop under a live board", slope(works.live)),
        row("`call`, 4 hops, with a listening observer", ns(works.in_line[0])),
    ]
}
