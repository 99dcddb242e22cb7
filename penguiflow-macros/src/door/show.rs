//! `PENGUIFLOW_EXPAND=name cargo check` prints what the macro on the item `name` writes. (A flow without a name is called
//! `flow`.) Changes nothing about it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::io::Write as _;

const ASKED: &str = "PENGUIFLOW_EXPAND";

/// Prints `out`, formatted, if the environment asks for the item in `input`.
pub(super) fn if_asked(input: &TokenStream, out: &TokenStream) {
    if std::env::var(ASKED).is_ok_and(|asked| asked == name(input)) {
        // Who cannot read it cannot be told so either.
        let _ = writeln!(std::io::stderr(), "{}", formatted(out));
    }
}

/// The name of an item, or of a flow.
fn name(input: &TokenStream) -> String {
    let mut tokens = input.clone().into_iter().peekable();
    while let Some(token) = tokens.next() {
        let TokenTree::Ident(word) = token else { continue };
        let word = word.to_string();
        match (word.as_str(), tokens.peek()) {
            ("fn" | "struct" | "enum" | "union", Some(TokenTree::Ident(name))) => return name.to_string(),
            ("pub" | "async" | "unsafe" | "const" | "extern", _) => {}
            (_, Some(TokenTree::Group(group))) if group.delimiter() == Delimiter::Parenthesis => return word,
            _ => break,
        }
    }
    "flow".to_owned()
}

/// The tokens as a file of items, or as the one expression that they are.
fn formatted(out: &TokenStream) -> String {
    if let Ok(file) = syn::parse2(out.clone()) {
        return prettyplease::unparse(&file);
    }
    let mut body = TokenStream::from_iter(
        ["fn", "flow"].map(|word| TokenTree::from(proc_macro2::Ident::new(word, proc_macro2::Span::call_site()))),
    );
    body.extend([TokenTree::from(proc_macro2::Group::new(Delimiter::Parenthesis, TokenStream::new()))]);
    body.extend([TokenTree::from(proc_macro2::Group::new(Delimiter::Brace, out.clone()))]);
    syn::parse2(body).map_or_else(|_| out.to_string(), |file| prettyplease::unparse(&file))
}

#[cfg(test)]
mod tests {
    use super::{formatted, name};

    fn name_of(source: &str) -> String {
        name(&source.parse().expect("tokens"))
    }

    #[test]
    fn an_item_is_known_by_its_name() {
        assert_eq!(name_of("#[allow(x)] pub(crate) async fn search(q: Q) -> D {}"), "search");
        assert_eq!(name_of("/// Docs.\n pub struct Question { text: String }"), "Question");
        assert_eq!(name_of("pub enum Verdict { Good }"), "Verdict");
        assert_eq!(name_of("/// Docs.\n pub support(Question) -> Answer { clean }"), "support");
    }

    #[test]
    fn a_flow_without_a_name_is_called_flow() {
        assert_eq!(name_of("a -> b -> c"), "flow");
        assert_eq!(name_of("(a, b) -> join"), "flow");
    }

    #[test]
    fn items_expressions_and_anything_else_are_shown() {
        assert_eq!(formatted(&"struct A ;".parse().expect("tokens")), "struct A;\n");
        assert_eq!(formatted(&"{ 1 + 1 }".parse().expect("tokens")), "fn flow() {\n    { 1 + 1 }\n}\n");
        assert_eq!(formatted(&"=> =>".parse().expect("tokens")), "=> =>");
    }
}
