//! Reads Prometheus' text format 0.0.4, strictly: names as they may be, the head of a family before its samples and once, a
//! family in one piece, each series once, buckets that add up. Knows nothing of who wrote it.

use std::collections::{BTreeMap, BTreeSet};

/// A series: its name with what stands behind it, and its labels.
pub(super) type Series = (String, Vec<(String, String)>);

#[derive(Debug, Default)]
pub(super) struct Page {
    samples: Vec<(Series, f64)>,
}

impl Page {
    #[track_caller]
    pub(super) fn read(text: &str) -> Page {
        assert!(text.is_empty() || text.ends_with('\n'), "the last line has no end");
        let (mut page, mut heads, mut helped) = (Page::default(), BTreeMap::new(), BTreeSet::new());
        let mut current = (String::new(), String::new());
        for line in text.lines() {
            if let Some(help) = line.strip_prefix("# HELP ") {
                let (name, words) = help.split_once(' ').expect("a name and words");
                assert!(!words.is_empty() && helped.insert(name.to_owned()), "{line}");
            } else if let Some(head) = line.strip_prefix("# TYPE ") {
                let (name, kind) = head.split_once(' ').expect("a name and a kind");
                assert!(["counter", "gauge", "histogram"].contains(&kind) && helped.contains(name), "{line}");
                assert!(heads.insert(name.to_owned(), kind.to_owned()).is_none(), "{name} begins twice");
                assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
                current = (name.to_owned(), kind.to_owned());
            } else {
                let (series, value) = sample(line);
                let part =
                    series.0.strip_prefix(&current.0).unwrap_or_else(|| panic!("{line} stands in {}", current.0));
                let parts: &[&str] = if current.1 == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
                assert!(parts.contains(&part), "{line}");
                assert!(page.samples.iter().all(|(known, _)| *known != series), "{line} stands there twice");
                page.samples.push((series, value));
            }
        }
        page.buckets_add_up();
        page
    }

    /// The value of exactly that series.
    #[track_caller]
    pub(super) fn value(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let is_it = |(known, of): &Series| {
            known == name && of.iter().map(|(k, v)| (k.as_str(), v.as_str())).eq(labels.iter().copied())
        };
        let found = self.samples.iter().find(|(series, _)| is_it(series));
        let alike = || self.samples.iter().filter(|((known, _), _)| known == name).collect::<Vec<_>>();
        found.unwrap_or_else(|| panic!("no {name} {labels:?} in {:?}", alike())).1
    }

    pub(super) fn series(&self) -> impl Iterator<Item = Series> {
        self.samples.iter().map(|(series, _)| series.clone())
    }

    /// Each bucket holds those below it, bounds ascend, and the last one holds all.
    #[track_caller]
    fn buckets_add_up(&self) {
        let mut before: Option<(Series, f64, f64)> = None;
        for ((name, labels), value) in &self.samples {
            let (Some(base), Some((key, le))) = (name.strip_suffix("_bucket"), labels.last()) else { continue };
            assert_eq!(key, "le", "{name}");
            let others = (base.to_owned(), labels[..labels.len() - 1].to_vec());
            let le = if le == "+Inf" { f64::INFINITY } else { le.parse().expect("a bound") };
            if let Some((known, bound, count)) = &before
                && *known == others
            {
                assert!(le > *bound && value >= count, "{name} {labels:?}");
            }
            if le.is_infinite() {
                let labels: Vec<(&str, &str)> = others.1.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
                assert_eq!(self.value(&format!("{base}_count"), &labels), *value);
                before = None;
            } else {
                before = Some((others, le, *value));
            }
        }
        assert!(before.is_none(), "a histogram without +Inf");
    }
}

/// `name{key="value",…} 1.5`
#[track_caller]
fn sample(line: &str) -> (Series, f64) {
    let (name, rest) = line.split_once('{').unwrap_or_else(|| panic!("no labels in {line}"));
    is_name(name);
    let (mut labels, mut rest) = (Vec::new(), rest);
    loop {
        let (key, behind) = rest.split_once("=\"").unwrap_or_else(|| panic!("no value in {line}"));
        is_name(key);
        let (value, behind) = quoted(behind, line);
        labels.push((key.to_owned(), value));
        if let Some(next) = behind.strip_prefix(',') {
            rest = next;
            continue;
        }
        let value = behind.strip_prefix("} ").unwrap_or_else(|| panic!("no end in {line}"));
        return ((name.to_owned(), labels), value.parse().unwrap_or_else(|_| panic!("no number in {line}")));
    }
}

/// A text until its closing quote, and what stands behind that.
#[track_caller]
fn quoted<'a>(text: &'a str, line: &str) -> (String, &'a str) {
    let (mut read, mut signs) = (String::new(), text.char_indices());
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return (read, &text[at + 1..]),
            '\\' => match signs.next() {
                Some((_, 'n')) => read.push('\n'),
                Some((_, sign @ ('\\' | '"'))) => read.push(sign),
                _ => panic!("a wrong escape in {line}"),
            },
            sign => read.push(sign),
        }
    }
    panic!("no quote ends {line}")
}

#[track_caller]
fn is_name(name: &str) {
    let first = name.chars().next().is_some_and(|sign| sign.is_ascii_alphabetic() || sign == '_');
    assert!(first && name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_'), "`{name}` is no name");
}
