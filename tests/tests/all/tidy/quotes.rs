//! The macros' output is made in the files that are there for it; parsing and checking make none.

use super::source::{Source, repository};
use super::table::EXPANDERS;
use super::tokens::QUOTES;
use super::{Finding, assert_clean, rows};

fn check(source: &Source) -> Vec<Finding> {
    let Some(inside) = source.path.strip_prefix("penguiflow-macros/src/") else { return Vec::new() };
    if EXPANDERS.iter().any(|place| inside == *place || (place.ends_with('/') && inside.starts_with(place))) {
        return Vec::new();
    }
    let quotes =
        source.tokens.windows(2).filter(|w| w[1].text == "!" && QUOTES.contains(&w[0].text.as_str())).map(|w| &w[0]);
    let outside_tests = quotes.filter(|token| !token.place.test);
    let text = |name: &str| format!("`{name}!` outside the files that make output");
    outside_tests.map(|token| Finding::new(source, token.line, text(&token.text))).collect()
}

#[test]
fn output_is_made_in_its_own_files() {
    assert_clean(&repository().iter().flat_map(check).collect::<Vec<_>>());
}

#[test]
fn a_quote_in_a_checker_is_refused() {
    let found = |path: &str| {
        rows(&check(&Source::fixture(path, "fn f() {\nquote!(a) }\n#[cfg(test)] mod tests { fn g() { quote!(b) } }")))
    };
    assert_eq!(found("penguiflow-macros/src/flow/check.rs"), ["2: `quote!` outside the files that make output"]);
    assert_eq!(found("penguiflow-macros/src/flow/expand.rs"), Vec::<String>::new());
    assert_eq!(found("penguiflow-macros/src/flow/expand/hop.rs"), Vec::<String>::new());
    assert_eq!(found("penguiflow-macros/src/flow/expander.rs").len(), 1);
}
