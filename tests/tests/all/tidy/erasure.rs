//! A trait becomes an object where the table says; everywhere else types stay what they are.

use super::source::{Source, repository};
use super::table::{ERASED_ANYWHERE, ERASURES};
use super::tokens::Token;
use super::{Finding, assert_clean, rows};

fn check(source: &Source, erasures: &[(&str, &str)]) -> Vec<Finding> {
    let allowed = |name: &str| ERASED_ANYWHERE.contains(&name) || erasures.contains(&(source.path.as_str(), name));
    let objects = source.find(&["dyn"]).filter(|_| source.path.starts_with("penguiflow/src/"));
    let named = objects.filter(|at| !source.tokens[*at].place.test).map(|at| (at, object(&source.tokens[at + 1..])));
    let refused = named.filter(|(_, name)| !allowed(name));
    refused
        .map(|(at, name)| {
            let text = format!("`dyn {name}`: a trait is erased only in the files that the tidy table lists");
            Finding::new(source, source.tokens[at].line, text)
        })
        .collect()
}

/// The last segment of the trait's path behind `dyn`.
fn object(tokens: &[Token]) -> &str {
    let bound = match tokens {
        // `dyn for<'a> Fn(&'a T)`
        [first, ..] if first.text == "for" => tokens.iter().position(|token| token.text == ">").map_or(0, |at| at + 1),
        _ => 0,
    };
    let mut last = "";
    for token in &tokens[bound.min(tokens.len())..] {
        match token.text.as_str() {
            "::" | "(" => {}
            name if name.chars().all(|c| c.is_alphanumeric() || c == '_') => last = name,
            _ => break,
        }
        // A name that no `::` follows is the end of the path.
        if !last.is_empty() && token.text == "(" {
            break;
        }
    }
    last
}

#[test]
fn traits_are_erased_where_the_table_says() {
    assert_clean(&repository().iter().flat_map(|source| check(source, ERASURES)).collect::<Vec<_>>());
}

#[test]
fn an_object_outside_its_file_is_refused() {
    let text = "type A = Box<dyn Any + Send>;\ntype B = &'static dyn crate::graph::node::Node<S>;\ntype C = Box<dyn std::error::Error + Send>;\ntype D = Arc<dyn for<'a> Fn(&'a T)>;";
    let source = Source::fixture("penguiflow/src/graph/erased.rs", text);
    let why = "a trait is erased only in the files that the tidy table lists";
    let expected = [format!("1: `dyn Any`: {why}"), format!("2: `dyn Node`: {why}"), format!("4: `dyn Fn`: {why}")];
    assert_eq!(rows(&check(&source, &[])), expected);
    let listed = [("penguiflow/src/graph/erased.rs", "Any"), ("penguiflow/src/graph/erased.rs", "Fn")];
    assert_eq!(rows(&check(&source, &listed)), [expected[1].clone()]);
}
