//! Looks through a type for what a message cannot hold: borrows, `impl Trait`, placeholders. Knows no parameters.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

/// Where the type borrows for less than `'static`.
pub(super) fn first_borrow(ty: &Type) -> Option<Span> {
    borrow_in(ty.to_token_stream())
}

/// Where the type says `impl Trait`.
pub(super) fn first_impl(ty: &Type) -> Option<Span> {
    find(ty.to_token_stream(), &|tree| matches!(tree, TokenTree::Ident(word) if word == "impl"))
}

/// Where the type leaves a part to be inferred.
pub(super) fn first_placeholder(ty: &Type) -> Option<Span> {
    placeholder_in(ty.to_token_stream())
}

fn placeholder_in(tokens: TokenStream) -> Option<Span> {
    let mut trees = tokens.into_iter();
    while let Some(tree) = trees.next() {
        match &tree {
            // The word of a lifetime is a tree of its own: `'_` is no placeholder.
            quote if is_quote(quote) => drop(trees.next()),
            TokenTree::Ident(word) if word == "_" => return Some(tree.span()),
            TokenTree::Punct(punct) if punct.as_char() == '_' => return Some(tree.span()),
            TokenTree::Group(group) => match placeholder_in(group.stream()) {
                Some(span) => return Some(span),
                None => continue,
            },
            _ => {}
        }
    }
    None
}

fn find(tokens: TokenStream, is: &impl Fn(&TokenTree) -> bool) -> Option<Span> {
    tokens.into_iter().find_map(|tree| match &tree {
        _ if is(&tree) => Some(tree.span()),
        TokenTree::Group(group) => find(group.stream(), is),
        _ => None,
    })
}

fn borrow_in(tokens: TokenStream) -> Option<Span> {
    let mut trees = tokens.into_iter().peekable();
    let mut callee = false;
    while let Some(tree) = trees.next() {
        match &tree {
            // What a function or a closure takes is borrowed by its call, not by the message.
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis && callee => {}
            TokenTree::Group(group) => {
                if let Some(span) = borrow_in(group.stream()) {
                    return Some(span);
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                let is_lifetime = trees.peek().is_some_and(is_quote);
                if !is_lifetime {
                    return Some(tree.span());
                }
            }
            quote if is_quote(quote) => {
                let lifetime = trees.next();
                let is_static = matches!(&lifetime, Some(TokenTree::Ident(word)) if word == "static");
                if !is_static {
                    return Some(tree.span());
                }
            }
            _ => {}
        }
        callee = matches!(&tree, TokenTree::Ident(word) if ["fn", "Fn", "FnMut", "FnOnce"].iter().any(|f| word == f));
    }
    None
}

fn is_quote(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '\'')
}

#[cfg(test)]
mod tests {
    use super::{first_borrow, first_placeholder};

    fn ty(text: &str) -> syn::Type {
        syn::parse_str(text).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn a_type_borrows_by_a_reference_or_a_lifetime() {
        for text in ["&str", "Option<&str>", "(u8, &[u8])", "Cow<'_, str>", "Cow<'a, str>", "Vec<Box<dyn Tool + '_>>"] {
            assert!(first_borrow(&ty(text)).is_some(), "{text}");
        }
    }

    #[test]
    fn what_lives_forever_is_no_borrow() {
        for text in
            ["&'static str", "Cow<'static, str>", "fn(&str) -> u8", "Box<dyn Fn(&Docs) -> u8 + Send>", "[u8; 3]"]
        {
            assert!(first_borrow(&ty(text)).is_none(), "{text}");
        }
    }

    #[test]
    fn an_anonymous_lifetime_is_no_placeholder() {
        assert!(first_placeholder(&ty("Cow<'_, str>")).is_none());
        assert!(first_placeholder(&ty("Vec<_>")).is_some());
        assert!(first_placeholder(&ty("(u8, [_; 3])")).is_some());
    }
}
