//! Finds the mistakes that an expansion tells. Knows no macro.

use proc_macro2::{Span, TokenStream, TokenTree};

/// One `compile_error!`.
pub(crate) struct Mistake {
    /// Where its caret begins.
    pub(crate) span: Span,
    pub(crate) text: String,
}

/// The mistakes in `output`, in its order.
pub(crate) fn of(output: &TokenStream) -> Vec<Mistake> {
    let mut found = Vec::new();
    walk(output, &mut found);
    found
}

fn walk(tokens: &TokenStream, found: &mut Vec<Mistake>) {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        match (tree, trees.get(at + 1), trees.get(at + 2)) {
            (TokenTree::Ident(word), Some(TokenTree::Punct(_)), Some(TokenTree::Group(group)))
                if word == "compile_error" =>
            {
                let text =
                    syn::parse2::<syn::LitStr>(group.stream()).map_or_else(|_| group.to_string(), |text| text.value());
                found.push(Mistake { span: word.span(), text });
            }
            (TokenTree::Group(group), ..) => walk(&group.stream(), found),
            _ => {}
        }
    }
}
