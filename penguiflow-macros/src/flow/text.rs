//! Prints tokens in a way that does not depend on how the user laid them out.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// `tokens` with the spaces that tell words apart, and one behind each comma.
pub(crate) fn compact(tokens: &TokenStream) -> String {
    let mut text = String::new();
    write(tokens.clone(), &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(sign) => match sign.as_char() {
                ',' | ';' if tokens.peek().is_some() => text.extend([sign.as_char(), ' ']),
                '=' | '+' if sign.spacing() == Spacing::Alone => text.extend([' ', sign.as_char(), ' ']),
                other => text.push(other),
            },
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                if text.ends_with(|last: char| last.is_alphanumeric() || last == '_') {
                    text.push(' ');
                }
                text.push_str(&token.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn layout_does_not_show() {
        for source in ["Vec < ( A,B ) >", "Vec<(A, B)>", "Vec<\n(A\n,\nB)>"] {
            assert_eq!(compact(&source.parse().expect("tokens")), "Vec<(A, B)>");
        }
        assert_eq!(compact(&"Box<dyn  Fn(A)->B+Send>".parse().expect("tokens")), "Box<dyn Fn(A)->B + Send>");
    }
}
