//! Imports point down the layers, never up, and sideways only where the table lets them.

use super::paths::{CratePath, crate_paths, module_of};
use super::source::{Source, repository};
use super::table::{Sideways, TABLES, Table};
use super::{Finding, assert_clean, rows};

fn check(sources: &[Source], tables: &[Table]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for table in tables {
        for source in sources.iter().filter(|source| !source.is_test()) {
            let Some(module) = module_of(source, table.root) else { continue };
            let Some(from) = table.room_of(&module) else { continue };
            if table.rank(from).is_none() && !table.is_apart(from) {
                findings.push(Finding::new(
                    source,
                    1,
                    format!("room `{from}` is in no layer: give it a place in the tidy table"),
                ));
                continue;
            }
            for path in crate_paths(source, &module) {
                let complaint = table.complaint(from, &path);
                findings.extend(complaint.map(|text| Finding::new(source, path.line, text)));
            }
        }
    }
    findings
}

impl Table {
    /// The room that a path lies in, if it lies in this table's folder at all.
    fn room_of<'a>(&self, path: &'a [String]) -> Option<&'a str> {
        if path.is_empty() && self.within.is_empty() {
            return Some("lib");
        }
        let (outer, inner) = path.split_at_checked(self.within.len())?;
        let inside = outer.iter().map(String::as_str).eq(self.within.iter().copied());
        inside.then(|| inner.first().map(String::as_str)).flatten()
    }

    fn rank(&self, room: &str) -> Option<usize> {
        self.layers.iter().position(|layer| layer.rooms.contains(&room))
    }

    fn is_apart(&self, room: &str) -> bool {
        self.facades.contains(&room) || self.beside.contains(&room)
    }

    /// What is wrong with a path that a file of room `from` takes.
    fn complaint(&self, from: &str, path: &CratePath) -> Option<String> {
        if self.is_apart(from) {
            return None;
        }
        let to = self.room_of(&path.segments).filter(|to| *to != from)?;
        let whole = path.segments.join("::");
        if self.beside.contains(&to) {
            return (!path.test).then(|| format!("`{whole}` is for tests: library code must not import it"));
        }
        if self.facades.contains(&to) {
            return Some(format!("`{whole}` is a re-export: import from the room itself"));
        }
        let (Some(down), Some(up)) = (self.rank(to), self.rank(from)) else {
            // An item of the folder's own file is no room, and what is there for tests only needs no layer.
            let fine = !self.within.is_empty() || path.test;
            return (!fine).then(|| format!("`crate::{whole}` names no room: import from the room itself"));
        };
        let (above, below) = (&self.layers[down], &self.layers[up]);
        match down.cmp(&up) {
            std::cmp::Ordering::Greater => {
                Some(format!("`{from}` ({}) imports `{whole}` ({}): imports point down", below.name, above.name))
            }
            std::cmp::Ordering::Equal if above.sideways == Sideways::Refused => {
                Some(format!("`{from}` imports `{whole}`: rooms of the layer `{}` do not know one another", above.name))
            }
            std::cmp::Ordering::Equal | std::cmp::Ordering::Less => None,
        }
    }
}

#[test]
fn imports_point_down() {
    assert_clean(&check(&repository(), TABLES));
}

#[cfg(test)]
fn refused(path: &str, text: &str) -> Vec<String> {
    rows(&check(&[Source::fixture(path, text)], TABLES))
}

#[test]
fn an_import_of_an_upper_layer_is_refused() {
    let expected = ["2: `error` (vocabulary) imports `runtime::retry::Decision` (runtime): imports point down"];
    assert_eq!(refused("penguiflow/src/error.rs", "//! x\nuse crate::runtime::retry::Decision;"), expected);
    assert_eq!(refused("penguiflow/src/error.rs", "//! x\nfn f() { crate::runtime::retry::Decision }").len(), 1);
    assert_eq!(refused("penguiflow/src/error/kind.rs", "use super::super::runtime::X;").len(), 1);
    assert_eq!(refused("penguiflow-macros/src/flow/lower.rs", "use super::expand::X;").len(), 1);
}

#[test]
fn a_root_re_export_is_refused() {
    let expected = ["1: `crate::Message` names no room: import from the room itself"];
    assert_eq!(refused("penguiflow/src/runtime/hop.rs", "use crate::Message;"), expected);
    assert_eq!(refused("penguiflow/src/runtime/hop.rs", "use crate::{id::TraceId, Message};"), expected);
    let expected = ["1: `prelude::*` is a re-export: import from the room itself"];
    assert_eq!(refused("penguiflow/src/runtime/hop.rs", "use crate::prelude::*;"), expected);
}

#[test]
fn doors_do_not_know_one_another() {
    let expected = ["1: `node` imports `message::model`: rooms of the layer `macros` do not know one another"];
    assert_eq!(refused("penguiflow-macros/src/node/check.rs", "use crate::message::model;"), expected);
}

#[test]
fn a_room_without_a_layer_is_refused() {
    let expected = ["1: room `kitchen` is in no layer: give it a place in the tidy table"];
    assert_eq!(refused("penguiflow/src/kitchen/sink.rs", "use crate::id::TraceId;"), expected);
}

#[test]
fn the_test_kit_is_for_tests() {
    assert_eq!(refused("penguiflow/src/graph/node.rs", "use crate::testkit::Probe;").len(), 1);
    assert_eq!(
        refused("penguiflow/src/graph/node.rs", "#[cfg(test)] mod tests { use crate::testkit::Probe; }").len(),
        0
    );
}

#[test]
fn what_points_down_or_stays_inside_is_fine() {
    assert_eq!(
        refused("penguiflow/src/runtime/hop.rs", "use crate::{error::FlowError, runtime::retry, graph::node::Node};")
            .len(),
        0
    );
    assert_eq!(refused("penguiflow/src/prelude.rs", "pub use crate::runtime::flow::Flow;").len(), 0);
    assert_eq!(refused("penguiflow-macros/src/door.rs", "use crate::{diag::Diags, node};").len(), 0);
}
