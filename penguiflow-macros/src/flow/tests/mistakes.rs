//! The table of mistakes: what is written, and where which words are said about it. Nothing else is said.

mod arms;
mod budgets;
mod entries;
mod nodes;
mod weaves;
mod webs;
mod wiring;
mod words;
mod writing;

use crate::diag::Diags;

/// Sources and what is said about each: line, column, text, in the order of the source.
type Table = [(&'static str, &'static [(usize, usize, &'static str)])];

fn check(table: &Table) {
    for (source, expected) in table {
        let mut diags = Diags::default();
        crate::flow::graph(source.parse().expect("the source has balanced brackets"), &mut diags);
        let mut said = diags.rows();
        said.sort();
        let said: Vec<_> = said.iter().map(|(line, column, text)| (*line, *column, text.as_str())).collect();
        assert_eq!(said, *expected, "{source}");
    }
}
