//! The table of figures, each with its limit and why that is the limit. Measures nothing.

use crate::grid::grid;

/// How a figure is written.
#[derive(Debug, Clone, Copy)]
pub enum Unit {
    /// Microseconds.
    Us,
    /// Millions of bytes a second.
    Mbps,
    /// A plain number.
    Count,
    /// A ratio.
    Times,
}

impl Unit {
    fn show(self, value: f64) -> String {
        let digits = if value.abs() < 0.995 { 2 } else { usize::from(value.abs() < 99.5) };
        match self {
            Unit::Us => format!("{value:.digits$} µs"),
            Unit::Mbps => format!("{value:.0} MB/s"),
            Unit::Count => format!("{value:.0}"),
            Unit::Times => format!("{value:.digits$}×"),
        }
    }

    /// More is better.
    fn is_rate(self) -> bool {
        matches!(self, Unit::Mbps)
    }
}

/// One figure.
pub struct Row {
    name: String,
    unit: Unit,
    measured: f64,
    by_hand: Option<f64>,
    limit: Option<(f64, &'static str)>,
}

impl Row {
    /// A figure without a limit.
    pub fn new(name: impl Into<String>, unit: Unit, measured: f64) -> Row {
        Row { name: name.into(), unit, measured, by_hand: None, limit: None }
    }

    /// The worst that is acceptable, and why that is.
    pub fn within(mut self, limit: f64, why: &'static str) -> Row {
        self.limit = Some((limit, why));
        self
    }

    /// What hand-written code takes for the same work.
    pub fn by_hand(mut self, value: f64) -> Row {
        self.by_hand = Some(value);
        self
    }

    fn cells(&self) -> [String; 6] {
        let Row { name, unit, measured, by_hand, limit } = self;
        let (sign, met): (_, fn(f64, f64) -> bool) =
            if unit.is_rate() { ("≥", |is, limit| is >= limit) } else { ("≤", |is, limit| is <= limit) };
        let verdict = limit.map_or("", |(limit, _)| if met(*measured, limit) { "met" } else { "MISSED" });
        [
            name.clone(),
            limit.map_or(String::new(), |(limit, _)| format!("{sign} {}", unit.show(limit))),
            unit.show(*measured),
            by_hand.map_or(String::new(), |value| unit.show(value)),
            verdict.to_owned(),
            limit.map_or(String::new(), |(_, why)| why.to_owned()),
        ]
    }
}

/// The rows as a Markdown table with even columns.
pub fn table(rows: &[Row]) -> String {
    let rows: Vec<[String; 6]> = rows.iter().map(Row::cells).collect();
    let head = ["figure", "limit", "measured", "by hand", "verdict", "why that limit"];
    grid(head, &rows, |column| matches!(column, 0 | 4 | 5))
}
