//! Writes samples in Prometheus' text format, version 0.0.4. Knows no flow.

use std::fmt::{Display, Write as _};

/// A text of families, each of which stands in one piece.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
    /// The family that samples belong to, and whether its head is still to be written: one without a sample has none.
    family: &'static str,
    head: Option<(Kind, &'static str)>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Page {
    pub(super) fn text(self) -> String {
        self.text
    }

    /// Begins a family.
    pub(super) fn family(&mut self, name: &'static str, kind: Kind, help: &'static str) {
        (self.family, self.head) = (name, Some((kind, help)));
    }

    /// A sample of the family.
    pub(super) fn sample(&mut self, labels: &[(&str, &str)], value: impl Display) {
        self.sample_of("", labels, value);
    }

    /// A sample of a part of the family, `_bucket`.
    pub(super) fn sample_of(&mut self, part: &str, labels: &[(&str, &str)], value: impl Display) {
        let Page { text, family, head } = self;
        // Writing to a `String` cannot fail.
        if let Some((kind, help)) = head.take() {
            let kind = match kind {
                Kind::Counter => "counter",
                Kind::Gauge => "gauge",
                Kind::Histogram => "histogram",
            };
            let _ = writeln!(text, "# HELP {family} {help}\n# TYPE {family} {kind}");
        }
        let _ = write!(text, "{family}{part}{{");
        for (at, (name, value)) in labels.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(text, "{comma}{name}=\"");
            escape(text, value);
            text.push('"');
        }
        let _ = writeln!(text, "}} {value}");
    }
}

fn escape(text: &mut String, value: &str) {
    for sign in value.chars() {
        match sign {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str("\\n"),
            sign => text.push(sign),
        }
    }
}
