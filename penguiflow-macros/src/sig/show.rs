//! Writes types as a person would, for the sentences of our errors.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// The tokens on one line, with spaces where rustfmt puts them in a type.
pub(crate) fn tokens(tokens: &impl ToTokens) -> String {
    let mut out = String::new();
    write(tokens.to_token_stream(), &mut out);
    out.replace("->", " -> ").trim().to_owned()
}

fn write(tokens: TokenStream, out: &mut String) {
    let mut glued = true;
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                write(group.stream(), out);
                out.push_str(close);
                glued = false;
            }
            TokenTree::Punct(punct) => {
                match (punct.as_char(), punct.spacing()) {
                    (sign @ ('+' | '='), Spacing::Alone) => out.extend([' ', sign, ' ']),
                    (sign @ (',' | ';'), _) => out.extend([sign, ' ']),
                    (':', Spacing::Alone) if !out.ends_with(':') => out.push_str(": "),
                    (sign, _) => out.push(sign),
                }
                glued = true;
            }
            word => {
                let word = word.to_string();
                if !glued {
                    out.push(' ');
                }
                out.push_str(&word);
                glued = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn types_read_as_they_are_written() {
        for text in [
            "Vec<String>",
            "&str",
            "&'static str",
            "std::collections::HashMap<String, (u8, [Docs; 3])>",
            "State<'_, Arc<Index>>",
            "ctx: &mut Ctx",
            "fn(Question, u8) -> Docs",
            "Result<Docs, Box<dyn Error + Send>>",
            "impl Iterator<Item = Docs>",
        ] {
            let parsed: proc_macro2::TokenStream = text.parse().unwrap_or_default();
            assert_eq!(tokens(&parsed), text);
        }
    }
}
