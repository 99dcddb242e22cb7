//! What is drawn, whatever the language: shapes, boxes around them, arrows between them, each with its lines of text. Knows
//! neither how a shape looks nor what must be escaped.

use crate::graph::draw::look::{Class, Form, class_of};
use crate::graph::draw::{Drawing, words};
use crate::graph::topology::ways::{EdgeInfo, EdgeKind, Lane};
use crate::graph::topology::{FlowInfo, StepEntry, StepInfo, StepKind};

/// A whole picture. Numbers of steps are indices into what the flow tells.
pub(super) struct Picture {
    pub(super) name: String,
    /// The lines above the flow's box.
    pub(super) title: Vec<String>,
    /// Where messages come in and the result leaves.
    pub(super) ends: Vec<Shape>,
    /// What stands in the flow's box.
    pub(super) inside: Vec<Item>,
    pub(super) arrows: Vec<Arrow>,
}

/// A step, or a box around some.
pub(super) enum Item {
    Shape(Shape),
    Loop { place: u32, title: Vec<String>, inside: Vec<Item> },
}

/// A step.
#[derive(Clone)]
pub(super) struct Shape {
    pub(super) step: usize,
    pub(super) form: Form,
    pub(super) class: Option<Class>,
    pub(super) lines: Vec<String>,
}

/// A way from one step to another.
pub(super) struct Arrow {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) style: Style,
    pub(super) lines: Vec<String>,
}

/// How an arrow is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    /// Back to the beginning of a loop.
    Back,
    /// Into a branch in a task of its own.
    Parallel,
    /// Into a side branch.
    Aside,
}

/// What `drawing` shows.
pub(super) fn of(drawing: &Drawing<'_>) -> Picture {
    let flow = drawing.flow;
    let reached = reached(flow);
    let shape = |step: usize| shape(drawing, step);
    let is_end = |step: &usize| matches!(flow.steps[*step].kind, StepKind::Input | StepKind::Output);
    let there = (0..flow.steps.len()).filter(|step| reached[*step]);
    let (ends, steps): (Vec<usize>, Vec<usize>) = there.partition(is_end);
    Picture {
        name: flow.name.to_owned(),
        title: clean(words::flow(flow)),
        ends: ends.into_iter().map(shape).collect(),
        inside: in_order(items(drawing, &steps, None)),
        arrows: arrows(drawing, &reached),
    }
}

impl Picture {
    /// All shapes, those inside loops as well.
    pub(super) fn shapes(&self) -> Vec<&Shape> {
        fn add<'p>(items: &'p [Item], shapes: &mut Vec<&'p Shape>) {
            for item in items {
                match item {
                    Item::Shape(shape) => shapes.push(shape),
                    Item::Loop { inside, .. } => add(inside, shapes),
                }
            }
        }
        let mut shapes: Vec<&Shape> = self.ends.iter().collect();
        add(&self.inside, &mut shapes);
        shapes.sort_by_key(|shape| shape.step);
        shapes
    }
}

/// Which steps a message can reach in this build: none that stands behind an arm that a `cfg` took out.
fn reached(flow: &FlowInfo) -> Vec<bool> {
    let mut reached: Vec<bool> = flow.steps.iter().map(|step| step.kind == StepKind::Input).collect();
    // Not in one pass: a way may lead to a lower number.
    while let Some(edge) = flow.edges.iter().find(|edge| is(&reached, edge.from) && !is(&reached, edge.to)) {
        let Some(to) = reached.get_mut(edge.to) else { break };
        *to = true;
    }
    reached
}

/// Whether the step is there and is reached. A listing is a constant that a macro wrote, but no number of it may end a program.
fn is(reached: &[bool], step: usize) -> bool {
    reached.get(step).is_some_and(|reached| *reached)
}

/// The steps of `steps` whose innermost loop is `around`, and the loops there, each with what is inside. Each with the number
/// of its first step, by which they stand in order.
fn items(drawing: &Drawing<'_>, steps: &[usize], around: Option<u32>) -> Vec<(usize, Item)> {
    let flow = drawing.flow;
    let own = steps.iter().filter(|step| flow.steps[**step].around == around);
    let loops = flow.loops.iter().filter(|inner| inner.around == around).filter_map(|inner| {
        let inside = items(drawing, steps, Some(inner.place));
        let (first, _) = inside.first()?;
        let title = clean(vec![words::repeat(inner.turns)]);
        Some((*first, Item::Loop { place: inner.place, title, inside: in_order(inside) }))
    });
    let mut items: Vec<(usize, Item)> =
        own.map(|step| (*step, Item::Shape(shape(drawing, *step)))).chain(loops).collect();
    items.sort_by_key(|(first, _)| *first);
    items
}

fn in_order(items: Vec<(usize, Item)>) -> Vec<Item> {
    items.into_iter().map(|(_, item)| item).collect()
}

fn shape(drawing: &Drawing<'_>, step: usize) -> Shape {
    let (info, note) = (&drawing.flow.steps[step], drawing.steps.get(&step));
    let form = form(drawing.flow, step);
    let mut lines = words::step(info);
    lines.extend(note.iter().flat_map(|note| note.lines.iter().cloned()));
    Shape { step, form, class: class_of(form, note.and_then(|note| note.heat)), lines: clean(lines) }
}

fn form(flow: &FlowInfo, step: usize) -> Form {
    let info = &flow.steps[step];
    let decides = flow.edges.iter().any(|edge| edge.from == step && edge.when == EdgeKind::Again);
    match info.kind {
        StepKind::Input | StepKind::Output => Form::Endpoint,
        StepKind::Drop => Form::Drop,
        StepKind::Router => Form::Router,
        StepKind::Map { .. } => Form::Map,
        StepKind::Join | StepKind::First | StepKind::Settle | StepKind::JoinK { .. } => Form::Gather,
        StepKind::Node if decides || info.turns.is_some() => Form::Loop,
        StepKind::Node if info.flow.is_some() => Form::Flow,
        StepKind::Node => Form::Node,
    }
}

fn arrows(drawing: &Drawing<'_>, reached: &[bool]) -> Vec<Arrow> {
    let flow = drawing.flow;
    let there = flow.edges.iter().enumerate().filter(|(_, edge)| is(reached, edge.from) && is(reached, edge.to));
    let mut arrows: Vec<Arrow> = there.map(|(ix, edge)| arrow(drawing, ix, edge)).collect();
    // What a controller does is no edge of the flow: it goes on inside the step.
    let controllers = flow.steps.iter().enumerate().filter(|(step, _)| is(reached, *step));
    arrows.extend(controllers.filter_map(|(step, info)| {
        let lines = clean(vec!["Again".to_owned(), words::turns(info.turns?)]);
        Some(Arrow { from: step, to: step, style: Style::Back, lines })
    }));
    arrows
}

fn arrow(drawing: &Drawing<'_>, ix: usize, edge: &EdgeInfo) -> Arrow {
    let (from, to) = (&drawing.flow.steps[edge.from], &drawing.flow.steps[edge.to]);
    let mut lines = words::edge(edge, to);
    if drawing.types {
        lines.extend(payload(from, to));
    }
    lines.extend(drawing.edges.get(&ix).cloned());
    let style = match (edge.when, edge.lane) {
        (EdgeKind::Again, _) => Style::Back,
        (_, Lane::Same) => Style::Plain,
        (_, Lane::Parallel) => Style::Parallel,
        (_, Lane::Side | Lane::BestEffort) => Style::Aside,
    };
    Arrow { from: edge.from, to: edge.to, style, lines: if lines.is_empty() { lines } else { clean(lines) } }
}

/// The type that travels from one step to another, where the steps tell it and no end of the flow has it as its title.
fn payload(from: &StepInfo, to: &StepInfo) -> Option<String> {
    if from.kind == StepKind::Input || to.kind == StepKind::Output {
        return None;
    }
    // A batch is taken from many messages, a map's item from one.
    let takes_it_whole =
        matches!(to.kind, StepKind::Node | StepKind::Router) && !matches!(to.entry, StepEntry::Batch { .. });
    let gives_it_whole = matches!(from.kind, StepKind::Node) && !matches!(from.entry, StepEntry::Batch { .. });
    let taken = to.takes.filter(|_| takes_it_whole);
    taken.or(from.gives.filter(|_| gives_it_whole)).map(|name| name.to_string())
}

/// The lines as they may stand in any picture: one line each, without what no picture can show, and not nothing at all.
fn clean(lines: Vec<String>) -> Vec<String> {
    let shown = |sign: char| match sign {
        sign if sign.is_whitespace() => ' ',
        sign if sign.is_control() => char::REPLACEMENT_CHARACTER,
        // They turn the reading direction of what stands behind them.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        sign => sign,
    };
    let lines = lines.iter().flat_map(|line| line.lines());
    let lines: Vec<String> =
        lines.map(|line| line.trim().chars().map(shown).collect()).filter(|line: &String| !line.is_empty()).collect();
    if lines.is_empty() { vec!["node".to_owned()] } else { lines }
}
