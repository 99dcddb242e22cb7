//! The table: figure, target, limit, what was measured, what hand-written code takes. Measures nothing.

use crate::grid::grid;

/// How a figure is written.
#[derive(Debug, Clone, Copy)]
pub enum Unit {
    /// Nanoseconds.
    Ns,
    /// Milliseconds.
    Ms,
    /// Bytes.
    Bytes,
    /// A plain number.
    Count,
    /// A ratio.
    Times,
}

impl Unit {
    fn show(self, value: f64) -> String {
        // Differences of medians may fall a little under nothing.
        let value = if value.abs() < 0.05 { 0.0 } else { value };
        let digits = usize::from(value.abs() < 9.95 && (value - value.round()).abs() >= 0.05);
        match self {
            Unit::Ns => format!("{value:.digits$} ns"),
            Unit::Ms => format!("{value:.digits$} ms"),
            Unit::Bytes => format!("{value:.0} B"),
            Unit::Count => format!("{value:.digits$}"),
            Unit::Times => format!("{value:.digits$}×"),
        }
    }
}

/// One figure.
pub struct Row {
    name: String,
    unit: Unit,
    limits: Option<(f64, f64)>,
    measured: f64,
    by_hand: Option<f64>,
    channels: Option<f64>,
}

impl Row {
    /// A figure without a target.
    pub fn new(name: impl Into<String>, unit: Unit, measured: f64) -> Row {
        Row { name: name.into(), unit, limits: None, measured, by_hand: None, channels: None }
    }

    /// What is aimed at, and the worst that is acceptable.
    pub fn aims_at(mut self, target: f64, worst: f64) -> Row {
        self.limits = Some((target, worst));
        self
    }

    /// What hand-written tokio code takes for the same work.
    pub fn by_hand(mut self, value: f64) -> Row {
        self.by_hand = Some(value);
        self
    }

    /// What a task per node and a channel per edge takes for the same work.
    pub fn channels(mut self, value: f64) -> Row {
        self.channels = Some(value);
        self
    }

    fn verdict(&self) -> &'static str {
        // As it is shown: a count that is an average carries the harness's own allocations in its last digits.
        let digit = if self.measured.abs() < 9.95 { 10.0 } else { 1.0 };
        let rounded = (self.measured * digit).round() / digit;
        match self.limits {
            None => "",
            Some((target, _)) if rounded <= target => "met",
            Some((_, worst)) if rounded <= worst => "acceptable",
            Some(_) => "MISSED",
        }
    }

    fn cells(&self) -> [String; 7] {
        let show = |value: f64| self.unit.show(value);
        let limit = |value: Option<f64>| value.map_or(String::new(), |value| format!("≤ {}", show(value)));
        [
            self.name.clone(),
            limit(self.limits.map(|(target, _)| target)),
            limit(self.limits.map(|(_, worst)| worst)),
            show(self.measured),
            self.by_hand.map_or(String::new(), show),
            self.channels.map_or(String::new(), show),
            self.verdict().to_owned(),
        ]
    }
}

const HEAD: [&str; 7] = ["figure", "target", "worst acceptable", "measured", "by hand", "channel per edge", "verdict"];

/// The rows as a Markdown table with even columns.
pub fn table(rows: &[Row]) -> String {
    let rows: Vec<[String; 7]> = rows.iter().map(Row::cells).collect();
    // Words to the left, numbers to the right.
    grid(HEAD, &rows, |column| column == 0 || column == HEAD.len() - 1)
}
