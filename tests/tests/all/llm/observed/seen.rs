//! A subscriber of `tracing` that keeps the fields of spans, and where they lie. Knows no model.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing::{Dispatch, Event, Level, Metadata, Subscriber};

/// What it was told; clones share it.
#[derive(Clone, Default)]
pub(super) struct Seen(Arc<Mutex<Notes>>);

#[derive(Default)]
struct Notes {
    spans: Vec<Span>,
    stack: Vec<usize>,
    /// The name of each line and the number of the span in which it lies.
    lines: Vec<(String, Option<usize>)>,
}

struct Span {
    name: &'static str,
    parent: Option<usize>,
    fields: Fields,
}

pub(super) type Fields = BTreeMap<String, String>;

struct Into<'a>(&'a mut Fields);

impl Visit for Into<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl Seen {
    /// From now on, on this thread.
    pub(super) fn begin() -> (Self, (DefaultGuard, Dispatch)) {
        let seen = Seen::default();
        // While there is one subscriber only, `tracing` asks whichever thread comes first at a line whether anybody wants it,
        // and keeps the answer for all.
        let second = Dispatch::new(NoSubscriber::new());
        (seen.clone(), (tracing::subscriber::set_default(seen), second))
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().expect("no test panics inside")
    }

    /// The fields of the one span of that name.
    #[track_caller]
    pub(super) fn only(&self, name: &str) -> Fields {
        let count = self.notes().spans.iter().filter(|span| span.name == name).count();
        assert_eq!(count, 1, "spans `{name}`");
        self.last(name)
    }

    /// The fields of the latest span of that name.
    #[track_caller]
    pub(super) fn last(&self, name: &str) -> Fields {
        self.notes().spans.iter().rfind(|span| span.name == name).map(|span| span.fields.clone()).expect("a span")
    }

    /// In which spans those of that name lie.
    pub(super) fn parents(&self, name: &str) -> Vec<&'static str> {
        let notes = self.notes();
        let of = notes.spans.iter().filter(|span| span.name == name).filter_map(|span| span.parent);
        of.map(|parent| notes.spans[parent].name).collect()
    }

    /// In which spans the lines of that name lie.
    pub(super) fn lines(&self, name: &str) -> Vec<&'static str> {
        let notes = self.notes();
        let of = notes.lines.iter().filter(|(line, _)| line == name).filter_map(|(_, span)| *span);
        of.map(|span| notes.spans[span].name).collect()
    }

    /// All that was told, to look for words in it.
    pub(super) fn text(&self) -> String {
        let notes = self.notes();
        let spans = notes.spans.iter().map(|span| format!("{} {:?}\n", span.name, span.fields));
        spans.chain(notes.lines.iter().map(|(line, _)| line.clone())).collect()
    }
}

impl Subscriber for Seen {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("penguiflow") && *metadata.level() <= Level::DEBUG
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut notes = self.notes();
        let (mut fields, parent) = (Fields::default(), notes.stack.last().copied());
        attributes.record(&mut Into(&mut fields));
        notes.spans.push(Span { name: attributes.metadata().name(), parent, fields });
        Id::from_u64(notes.spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let at = span.into_u64() as usize - 1;
        values.record(&mut Into(&mut self.notes().spans[at].fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut Into(&mut fields));
        let mut notes = self.notes();
        let inside = notes.stack.last().copied();
        notes.lines.push((fields.remove("event").unwrap_or_default(), inside));
    }

    fn enter(&self, span: &Id) {
        self.notes().stack.push(span.into_u64() as usize - 1);
    }

    fn exit(&self, _: &Id) {
        self.notes().stack.pop();
    }
}
