//! Whether `flow!` prints what one would write: chains by the macro beside their expansion by hand.

use crate::measure::{Id, Lab};
use crate::table::{Row, Unit};
use std::hint::black_box;
use std::rc::Rc;
use tokio::runtime::Runtime;

#[allow(non_camel_case_types, clippy::manual_async_fn, reason = "what the macros write about functions")]
#[path = "../../tests/chains/flows.rs"]
mod flows;

use flows::*;

/// All works, to be read after the lab has run: by the macro, and expanded by hand.
pub struct Works([[Id; 2]; 3]);

macro_rules! call {
    ($lab:ident, $runtime:ident, $flow:ident) => {{
        let app = $runtime.block_on(async { $flow::flow().start() }).expect("starts");
        $lab.time($runtime, async move || app.call(black_box(Trail { nodes: 7, hops: 0 })).await)
    }};
}

/// Adds all works.
pub fn works(lab: &mut Lab, runtime: &Rc<Runtime>) -> Works {
    Works([
        [call!(lab, runtime, drawn8), call!(lab, runtime, expanded8)],
        [call!(lab, runtime, drawn64), call!(lab, runtime, expanded64)],
        [call!(lab, runtime, drawn200), call!(lab, runtime, expanded200)],
    ])
}

/// The rows of what the lab has measured.
pub fn rows(lab: &Lab, works: &Works) -> Vec<Row> {
    let of = |(hops, [drawn, expanded]): (usize, [Id; 2])| {
        let row = |how, id| Row::new(format!("`call`, chain of {hops} {how}"), Unit::Ns, lab.nanos(id));
        [row("by `flow!`", drawn), row("by hand expansion", expanded)]
    };
    [8, 64, NODES.len()].into_iter().zip(works.0).flat_map(of).collect()
}
