//! Reads the table of acceptance rows and refuses one that has gaps. Knows nothing about a run.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Everything that is owed.
#[derive(Debug)]
pub struct Table {
    /// In the order of their keys.
    pub sections: Vec<Section>,
    /// By their id.
    pub rows: BTreeMap<String, Row>,
}

/// A group of rows that is finished together.
#[derive(Debug)]
pub struct Section {
    /// For people.
    pub title: String,
    /// Every id that must have a row.
    pub ids: Vec<String>,
    /// Whether nothing may be pending any more.
    pub complete: bool,
}

/// One statement and what it rests on.
#[derive(Debug)]
pub struct Row {
    /// The statement in one sentence.
    pub says: String,
    /// What shows that it holds.
    pub evidence: Evidence,
}

/// What shows that a statement holds, or why it need not.
#[derive(Debug, PartialEq)]
pub enum Evidence {
    /// Tests by `binary::path::name`; all of them ran and passed.
    Tests(Vec<String>),
    /// Programs of the ui-tests by their path; the compiler said what it should about each.
    UiTests(Vec<String>),
    /// The types leave no other way; the text says which.
    Type(String),
    /// Another row says it better.
    ReplacedBy {
        /// That row.
        id: String,
        /// In what ours differs.
        why: String,
    },
    /// There is no such thing here; the text says why.
    NotApplicable(String),
    /// Still owed; the text says what is missing.
    Pending(String),
}

impl Evidence {
    /// One word for counting.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Evidence::Tests(_) => "test",
            Evidence::UiTests(_) => "ui-test",
            Evidence::Type(_) => "type",
            Evidence::ReplacedBy { .. } => "replaced",
            Evidence::NotApplicable(_) => "not applicable",
            Evidence::Pending(_) => "pending",
        }
    }

    fn proves(&self) -> bool {
        matches!(self, Evidence::Tests(_) | Evidence::UiTests(_) | Evidence::Type(_))
    }
}

impl Table {
    /// Reads a table.
    ///
    /// # Errors
    /// Everything that is wrong with it at once: a syntax error, an id without a row, a row without an id, a row
    /// with no evidence or with two kinds, a replacement that proves nothing, a pending row in a complete section.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let file: File = toml::from_str(text).map_err(|e| vec![e.to_string()])?;
        let mut faults = Vec::new();
        let sections: Vec<Section> = file.sections.into_values().map(|raw| raw.section(&mut faults)).collect();
        let rows =
            file.rows.into_iter().filter_map(|(id, raw)| Some((id.clone(), raw.row(&id, &mut faults)?))).collect();
        let table = Table { sections, rows };
        // Gaps are told only of a table that could be read: a broken row would look like a missing one.
        if faults.is_empty() {
            faults = table.faults();
        }
        if faults.is_empty() { Ok(table) } else { Err(faults) }
    }

    /// The ids of `section` whose rows are still owed, by themselves or by the row that replaces them.
    #[must_use]
    pub fn pending<'a>(&self, section: &'a Section) -> Vec<&'a str> {
        let owed = |id: &&'a String| match self.evidence(id) {
            Some(Evidence::ReplacedBy { id, .. }) => matches!(self.evidence(id), Some(Evidence::Pending(_))),
            evidence => matches!(evidence, Some(Evidence::Pending(_))),
        };
        section.ids.iter().filter(owed).map(String::as_str).collect()
    }

    fn evidence(&self, id: &str) -> Option<&Evidence> {
        self.rows.get(id).map(|row| &row.evidence)
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut wanted: BTreeMap<&str, usize> = BTreeMap::new();
        for section in &self.sections {
            section.ids.iter().for_each(|id| *wanted.entry(id).or_default() += 1);
            let pending = self.pending(section);
            if section.complete && !pending.is_empty() {
                faults.push(format!("section `{}` is complete, but pending: {}", section.title, pending.join(", ")));
            }
        }
        faults.extend(wanted.keys().filter(|id| !self.rows.contains_key(**id)).map(|id| format!("{id}: no row")));
        faults.extend(wanted.iter().filter(|(_, times)| **times > 1).map(|(id, _)| format!("{id}: in two sections")));
        faults.extend(
            self.rows.keys().filter(|id| !wanted.contains_key(id.as_str())).map(|id| format!("{id}: in no section")),
        );
        for (id, row) in &self.rows {
            if let Evidence::ReplacedBy { id: other, .. } = &row.evidence {
                let proven = self.evidence(other).is_some_and(|other| other.proves() || other.kind() == "pending");
                if !proven {
                    faults.push(format!("{id}: replaced by `{other}`, which proves nothing"));
                }
            }
        }
        faults
    }
}

#[derive(Deserialize)]
struct File {
    sections: BTreeMap<String, RawSection>,
    #[serde(flatten)]
    rows: BTreeMap<String, RawRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSection {
    title: String,
    /// Ids, or ranges of their last number: `core:AC-2.1..6`.
    ids: Vec<String>,
    complete: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    says: String,
    test: Option<OneOrMany>,
    ui_test: Option<OneOrMany>,
    r#type: Option<String>,
    replaced_by: Option<String>,
    not_applicable: Option<String>,
    pending: Option<String>,
    /// Goes with `replaced_by`.
    why: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn into_vec(self) -> Vec<String> {
        match self {
            OneOrMany::One(name) => vec![name],
            OneOrMany::Many(names) => names,
        }
    }
}

impl RawSection {
    fn section(self, faults: &mut Vec<String>) -> Section {
        let ids = self.ids.iter().flat_map(|range| expand(range, faults)).collect();
        Section { title: self.title, ids, complete: self.complete }
    }
}

/// `core:W-1..3` is `core:W-1`, `core:W-2`, `core:W-3`.
fn expand(range: &str, faults: &mut Vec<String>) -> Vec<String> {
    let Some((first, last)) = range.split_once("..") else { return vec![range.to_owned()] };
    let stem = first.trim_end_matches(|c: char| c.is_ascii_digit());
    match (first[stem.len()..].parse::<u32>(), last.parse::<u32>()) {
        (Ok(from), Ok(to)) if from <= to => (from..=to).map(|number| format!("{stem}{number}")).collect(),
        _ => {
            faults.push(format!("`{range}` is no range of ids"));
            Vec::new()
        }
    }
}

impl RawRow {
    fn row(self, id: &str, faults: &mut Vec<String>) -> Option<Row> {
        let known = faults.len();
        let given = [
            self.test.map(|names| Evidence::Tests(names.into_vec())),
            self.ui_test.map(|names| Evidence::UiTests(names.into_vec())),
            self.r#type.map(Evidence::Type),
            self.replaced_by.map(|id| Evidence::ReplacedBy { id, why: self.why.clone().unwrap_or_default() }),
            self.not_applicable.map(Evidence::NotApplicable),
            self.pending.map(Evidence::Pending),
        ];
        let mut given: Vec<Evidence> = given.into_iter().flatten().collect();
        let replaced = matches!(given.as_slice(), [Evidence::ReplacedBy { .. }]);
        if given.len() != 1 {
            let kinds: Vec<&str> = given.iter().map(Evidence::kind).collect();
            faults.push(format!("{id}: exactly one kind of evidence, not {} ({})", kinds.len(), kinds.join(", ")));
        }
        if self.why.is_some() != replaced {
            faults.push(format!("{id}: `why` and `replaced_by` go together"));
        }
        if self.says.trim().is_empty() || given.iter().any(is_empty) {
            faults.push(format!("{id}: says nothing"));
        }
        (faults.len() == known).then(|| given.pop()).flatten().map(|evidence| Row { says: self.says, evidence })
    }
}

fn is_empty(evidence: &Evidence) -> bool {
    match evidence {
        Evidence::Tests(names) | Evidence::UiTests(names) => {
            names.is_empty() || names.iter().any(|name| name.trim().is_empty())
        }
        Evidence::ReplacedBy { why: text, .. }
        | Evidence::Type(text)
        | Evidence::NotApplicable(text)
        | Evidence::Pending(text) => text.trim().is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Evidence, Table};

    fn table(complete: bool, rows: &str) -> Result<Table, Vec<String>> {
        Table::parse(&format!("[sections.a]\ntitle = \"A\"\nids = [\"a:1..2\"]\ncomplete = {complete}\n{rows}"))
    }

    const FIRST: &str = "[\"a:1\"]\nsays = \"One.\"\ntest = \"all::one\"\n";

    fn with(second: &str) -> Vec<String> {
        table(false, &format!("{FIRST}[\"a:2\"]\nsays = \"Two.\"\n{second}")).expect_err("a fault")
    }

    #[test]
    fn a_row_holds_exactly_one_kind_of_evidence() {
        assert_eq!(with(""), ["a:2: exactly one kind of evidence, not 0 ()"]);
        let two = "test = \"all::two\"\npending = \"later\"";
        assert_eq!(with(two), ["a:2: exactly one kind of evidence, not 2 (test, pending)"]);
    }

    #[test]
    fn empty_words_are_no_evidence() {
        assert_eq!(with("test = []"), ["a:2: says nothing"]);
        assert_eq!(with("type = \" \""), ["a:2: says nothing"]);
        assert_eq!(with("replaced_by = \"a:1\"\nwhy = \"\""), ["a:2: says nothing"]);
    }

    #[test]
    fn a_replacement_says_why_and_is_proven_itself() {
        assert_eq!(with("replaced_by = \"a:1\""), ["a:2: `why` and `replaced_by` go together", "a:2: says nothing"]);
        let itself = "replaced_by = \"a:2\"\nwhy = \"better\"";
        assert_eq!(with(itself), ["a:2: replaced by `a:2`, which proves nothing"]);
        let proven = format!("{FIRST}[\"a:2\"]\nsays = \"Two.\"\nreplaced_by = \"a:1\"\nwhy = \"better\"");
        assert!(table(true, &proven).is_ok());
    }

    #[test]
    fn every_id_has_a_row_and_every_row_an_id() {
        let strange = format!("{FIRST}[\"a:3\"]\nsays = \"Three.\"\ntest = \"all::three\"");
        assert_eq!(table(false, &strange).expect_err("a fault"), ["a:2: no row", "a:3: in no section"]);
    }

    #[test]
    fn a_complete_section_owes_nothing() {
        let rows = format!("{FIRST}[\"a:2\"]\nsays = \"Two.\"\npending = \"the loop\"");
        assert_eq!(table(true, &rows).expect_err("a fault"), ["section `A` is complete, but pending: a:2"]);
        let open = table(false, &rows).expect("an open section may owe");
        assert_eq!(open.pending(&open.sections[0]), ["a:2"]);
        let both = rows.replace("test = \"all::one\"", "replaced_by = \"a:2\"\nwhy = \"better\"");
        assert_eq!(table(true, &both).expect_err("a fault"), ["section `A` is complete, but pending: a:1, a:2"]);
    }

    #[test]
    fn one_test_or_several_are_both_fine() {
        let rows = format!("{FIRST}[\"a:2\"]\nsays = \"Two.\"\nui_test = [\"fail/a.rs\", \"fail/b.rs\"]");
        let table = table(true, &rows).expect("a table");
        assert_eq!(table.rows["a:1"].evidence, Evidence::Tests(vec!["all::one".to_owned()]));
        assert_eq!(table.rows["a:2"].evidence.kind(), "ui-test");
    }

    #[test]
    fn a_misspelt_key_is_told() {
        let faults = with("tests = \"all::two\"");
        assert!(faults[0].contains("unknown field `tests`"), "{faults:?}");
    }
}
