//! `lib.rs`, `prelude.rs` and `__private.rs` of penguiflow only re-export.

use super::paths::module_of;
use super::source::{Source, repository};
use super::table::{TABLES, Table};
use super::tokens::Token;
use super::{Finding, assert_clean, rows};

fn check(sources: &[Source], tables: &[Table]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for table in tables {
        for source in sources {
            let name = match module_of(source, table.root).as_deref() {
                Some([]) => "lib".to_owned(),
                Some([name]) => name.clone(),
                _ => continue,
            };
            if table.facades.contains(&name.as_str()) {
                findings.extend(items(&source.tokens).filter(|item| !is_re_export(item)).map(|item| {
                    let first = item.first().map_or(1, |token| token.line);
                    Finding::new(source, first, format!("`{name}` only re-exports: `use` or `mod name;`"))
                }));
            }
        }
    }
    findings
}

/// The items at the top of a file, without their attributes and visibility.
fn items(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let ends = |token: &Token| token.place.depth == 0 && (token.text == ";" || token.text == "}");
    tokens.split_inclusive(move |token| ends(token)).map(bare).filter(|item| !item.is_empty() && item[0].text != ";")
}

fn bare(mut item: &[Token]) -> &[Token] {
    loop {
        let words: Vec<&str> = item.iter().take(3).map(|token| token.text.as_str()).collect();
        let skip = match words.as_slice() {
            ["#", "[", ..] | ["#", "!", "["] | ["pub", "(", ..] => past_group(item),
            ["pub", ..] => 1,
            _ => return item,
        };
        item = &item[skip..];
    }
}

/// How many tokens there are up to the end of the first group.
fn past_group(item: &[Token]) -> usize {
    let depth = item[0].place.depth;
    let close = |token: &Token| token.place.depth == depth && (token.text == "]" || token.text == ")");
    item.iter().position(close).map_or(item.len(), |at| at + 1)
}

fn is_re_export(item: &[Token]) -> bool {
    let words: Vec<&str> = item.iter().map(|token| token.text.as_str()).collect();
    // `use a::{b};` is split behind its braces, and only `;` is left.
    matches!(words.as_slice(), ["use", ..] | ["mod", _, ";"] | ["extern", "crate", ..])
}

#[test]
fn facades_only_re_export() {
    assert_clean(&check(&repository(), TABLES));
}

#[test]
fn an_item_of_its_own_is_refused() {
    let text = "//! x\n#![forbid(unsafe_code)]\n#[doc(hidden)]\npub mod a;\npub use a::{B, c::D};\npub struct E;\nfn f() { ; }\npub(crate) use g::h;\nmod i { }";
    let found = rows(&check(&[Source::fixture("penguiflow/src/lib.rs", text)], TABLES));
    let told = "`lib` only re-exports: `use` or `mod name;`";
    assert_eq!(found, [format!("6: {told}"), format!("7: {told}"), format!("9: {told}")]);
    assert_eq!(check(&[Source::fixture("penguiflow/src/error.rs", text)], TABLES), []);
}
