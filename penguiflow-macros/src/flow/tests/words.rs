//! Words of `flow!` and names of nodes keep out of each other's way.

use crate::diag::Diags;
use crate::flow::words::WORDS;

#[test]
fn no_node_can_be_called_like_a_word() {
    for word in WORDS {
        let mut diags = Diags::default();
        let function = format!("fn {}(q: Question) -> Answer {{}}", word.name);
        crate::node::run("".parse().expect("tokens"), function.parse().expect("tokens"), &mut diags);
        assert_eq!(diags.rows().len(), 1, "{function}");
    }
}

#[test]
fn a_path_and_a_raw_name_are_no_words() {
    let mut diags = Diags::default();
    let source = "nodes::join -> self::drop -> r#map -> r#join as first_one";
    let graph = crate::flow::graph(source.parse().expect("tokens"), &mut diags);
    assert_eq!(diags.rows(), []);
    let names: Vec<_> = graph.hops().map(|(_, hop)| hop.name()).collect();
    assert_eq!(names, ["nodes::join", "self::drop", "r#map", "first_one"]);
}

#[test]
fn a_path_from_a_macro_rules_fragment_is_a_name() {
    use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
    let path: TokenStream = "nodes::search".parse().expect("tokens");
    let mut source = TokenStream::from(TokenTree::from(Group::new(Delimiter::None, path)));
    source.extend("-> answer".parse::<TokenStream>().expect("tokens"));
    let mut diags = Diags::default();
    let graph = crate::flow::graph(source, &mut diags);
    assert_eq!(diags.rows(), []);
    assert_eq!(graph.hops().map(|(_, hop)| hop.name()).collect::<Vec<_>>(), ["nodes::search", "answer"]);
}
