//! Which licences may come in: those that ask for no more than to be named.

use super::{assert_none, metadata, package};
use penguiflow_tests::metadata::Package;

const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

fn faults(packages: &[Package]) -> Vec<String> {
    let refused = packages.iter().filter(|package| !package.license.as_deref().is_some_and(accepts));
    refused.map(|p| format!("{} {}: licence {:?}", p.name, p.version, p.license)).collect()
}

/// Whether an SPDX expression can be met with allowed licences alone.
fn accepts(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    any(&mut words) && words.is_empty()
}

/// `a OR b`; the words stand in reverse, so that the next one is popped.
fn any(words: &mut Vec<&str>) -> bool {
    let mut met = all(words);
    while words.pop_if(|word| *word == "OR").is_some() {
        met |= all(words);
    }
    met
}

/// `a AND b`, which binds closer than `OR`.
fn all(words: &mut Vec<&str>) -> bool {
    let mut met = one(words);
    while words.pop_if(|word| *word == "AND").is_some() {
        met &= one(words);
    }
    met
}

fn one(words: &mut Vec<&str>) -> bool {
    match words.pop() {
        Some("(") => {
            let met = any(words);
            met & (words.pop() == Some(")"))
        }
        Some(name) if words.pop_if(|word| *word == "WITH").is_some() => {
            words.pop().is_some_and(|exception| ALLOWED.contains(&format!("{name} WITH {exception}").as_str()))
        }
        Some(name) => ALLOWED.contains(&name),
        None => false,
    }
}

#[test]
fn every_licence_is_an_allowed_one() {
    assert_none(&faults(&metadata().packages));
}

#[test]
fn a_licence_that_asks_for_more_is_refused() {
    let mut none = package("closed", "1.0.0");
    none.license = None;
    let mut strong = package("strong", "2.0.0");
    strong.license = Some("GPL-3.0-only".to_owned());
    let expected = ["closed 1.0.0: licence None", "strong 2.0.0: licence Some(\"GPL-3.0-only\")"];
    assert_eq!(faults(&[package("open", "1.0.0"), none, strong]), expected);
}

#[test]
fn an_expression_is_read_as_it_is_meant() {
    for good in
        ["MIT", "MIT/Apache-2.0", "GPL-2.0 OR MIT", "(MIT OR Apache-2.0) AND Unicode-3.0", "MPL-2.0 AND GPL-3.0 OR ISC"]
    {
        assert!(accepts(good), "{good}");
    }
    for bad in [
        "",
        "GPL-2.0",
        "MIT AND GPL-2.0",
        "(MIT OR ISC) AND MPL-2.0",
        "GPL-2.0 WITH Classpath-exception-2.0",
        "MIT ISC",
    ] {
        assert!(!accepts(bad), "{bad}");
    }
}
