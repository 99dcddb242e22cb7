//! Writes the figures of a snapshot into the drawing of its flow. Decides no colour.

use crate::graph::draw::{Drawing, Note};
use crate::graph::topology::{FlowInfo, StepKind};
use crate::message::Cost;
use crate::money::Money;
use crate::telemetry::live::topology::{LiveEdge, LiveStep, LiveTopology};
use std::time::Duration;

impl LiveTopology {
    /// The [drawing](FlowInfo::drawing) of the started flow with the figures of this moment on its steps and edges, as far as they
    /// are not zero, and each step in the colour of its [`heat`](LiveStep::heat). Where messages come in and leave stands how
    /// many, and the colour stays.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    /// use penguiflow::{Direction, Live};
    ///
    /// #[node]
    /// async fn shout(text: String) -> String { text.to_uppercase() }
    /// flow! { shouting(String) -> String { shout } }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = shouting::flow().start()?;
    /// let live = Live::of(&app);
    /// app.call("krill".to_owned()).await?;
    /// let now = live.snapshot();
    /// let drawing = now.drawing().without_types().direction(Direction::Right);
    /// assert!(drawing.mermaid().contains("class n1 calm"));
    /// assert!(drawing.dot().contains("class=calm"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn drawing(&self) -> Drawing<'static> {
        self.drawn(self.info, None)
    }

    /// The drawing of the flow that runs as the step at this index of [`steps`](LiveTopology::steps), in the same way; nothing
    /// where no flow runs there.
    pub fn drawing_of(&self, step: usize) -> Option<Drawing<'static>> {
        let at = self.steps.get(step)?;
        let mut around = self.info;
        let mut way = vec![at.index];
        let mut above = at.above;
        while let Some(number) = above {
            let step = self.steps.get(number)?;
            way.push(step.index);
            above = step.above;
        }
        for index in way.into_iter().rev() {
            around = around.steps.get(index)?.flow?;
        }
        Some(self.drawn(around, Some(step)))
    }

    fn drawn(&self, flow: &'static FlowInfo, above: Option<usize>) -> Drawing<'static> {
        let mut drawing = flow.drawing();
        let inside = |step: usize| self.steps.get(step).filter(|step| step.above == above);
        for step in self.steps.iter().filter(|step| step.above == above) {
            let Some(info) = flow.steps.get(step.index) else { continue };
            let note = match info.kind {
                StepKind::Input if above.is_none() => Note::new().line(format!("{} in", self.traces.started)),
                StepKind::Output if above.is_none() => {
                    let completed = self.traces.ended.get("COMPLETED").copied().unwrap_or_default();
                    Note::new().line(format!("{completed} out"))
                }
                StepKind::Input | StepKind::Output | StepKind::Drop => continue,
                _ => note(step),
            };
            drawing = drawing.with_step_note(step.index, note);
        }
        // In the order of the flow's own list, as they were taken down.
        let edges = self.edges.iter().filter(|edge| inside(edge.from).is_some());
        for (index, edge) in edges.enumerate() {
            if let Some(line) = on(edge) {
                drawing = drawing.with_edge_note(index, line);
            }
        }
        drawing
    }
}

fn note(step: &LiveStep) -> Note {
    let counts = [
        (step.in_flight, "running"),
        (step.waiting, "waiting"),
        (step.errors, "errors"),
        (step.timeouts, "timeouts"),
        (step.panics, "panics"),
        (step.retries, "retries"),
        (step.failures, "failed"),
        (step.cancelled, "cancelled"),
        (step.dropped, "dropped"),
    ];
    let some = |(count, what): &(u64, &str)| (*count > 0).then(|| format!("{count} {what}"));
    let (now, so_far) = counts.split_at(2);
    let done = (step.completed > 0).then(|| format!("{} done{}", step.completed, rate(step.per_second)));
    let told = [
        now.iter().filter_map(some).collect::<Vec<_>>().join(", "),
        done.unwrap_or_default(),
        step.latency.as_ref().map_or_else(String::new, |took| {
            format!("p50 {}, p95 {}, p99 {}", short(took.p50), short(took.p95), short(took.p99))
        }),
        so_far.iter().filter_map(some).collect::<Vec<_>>().join(", "),
        spent(step.cost),
    ];
    let note = told.into_iter().filter(|line| !line.is_empty()).fold(Note::new(), Note::line);
    note.heat(step.heat)
}

/// What stands on an edge that a message has taken.
fn on(edge: &LiveEdge) -> Option<String> {
    let passed = edge.passed.filter(|passed| *passed > 0)?;
    Some(format!("{passed}{}", rate(edge.per_second.unwrap_or_default())))
}

fn rate(per_second: f64) -> String {
    if per_second > 0.0 { format!(", {per_second:.1}/s") } else { String::new() }
}

/// Three digits, as people read them.
fn short(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        0.0 => "0".to_owned(),
        _ if seconds < 1e-3 => format!("{:.0}us", seconds * 1e6),
        _ if seconds < 1.0 => format!("{:.0}ms", seconds * 1e3),
        _ => format!("{seconds:.1}s"),
    }
}

fn spent(cost: Cost) -> String {
    let tokens = (cost.tokens > 0).then(|| format!("{} tokens", cost.tokens));
    let usd = (cost.usd > Money::default()).then(|| cost.usd.to_string());
    [tokens, usd].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
