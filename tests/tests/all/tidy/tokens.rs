//! Lays Rust text out as one flat list of tokens, each with its line and what it stands in. Judges nothing.

use proc_macro2::{Delimiter, Group, LexError, Spacing, TokenStream, TokenTree};

/// One token; a group stands as its opening and its closing delimiter.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) literal: bool,
    pub(super) place: Place,
}

/// What a token stands in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// How many groups.
    pub(super) depth: usize,
    /// How many inline modules.
    pub(super) inline: usize,
    /// Something that is compiled for tests only.
    pub(super) test: bool,
    /// A `quote!`: the token belongs to somebody else's program.
    pub(super) quoted: bool,
}

/// The macros whose input is output: the `quote!` family.
pub(super) const QUOTES: &[&str] = &["quote", "quote_spanned", "parse_quote", "parse_quote_spanned"];

/// All tokens of `text`, which stands in `place`.
pub(super) fn tokens(text: &str, place: Place) -> Result<Vec<Token>, LexError> {
    let mut level = Level { place, out: Vec::new(), marks: Marks::default() };
    level.lay_out(text.parse()?);
    Ok(level.out)
}

struct Level {
    place: Place,
    out: Vec<Token>,
    marks: Marks,
}

/// What the tokens passed so far say about the next group of the same level.
#[derive(Default)]
struct Marks {
    /// Behind `#[cfg(test)]` or `#[test]`, until its item ends.
    test: bool,
    /// Behind `mod`, until its braces or semicolon.
    module: bool,
    /// Behind the first half of a `::`.
    colon: bool,
}

impl Level {
    fn lay_out(&mut self, stream: TokenStream) {
        for tree in stream {
            let line = tree.span().start().line;
            match tree {
                TokenTree::Ident(ident) => {
                    self.marks.module |= ident == "mod";
                    self.push(ident.to_string(), line);
                }
                TokenTree::Literal(literal) => {
                    self.push(literal.to_string(), line);
                    self.out.last_mut().expect("just pushed").literal = true;
                }
                TokenTree::Punct(punct) if std::mem::take(&mut self.marks.colon) && punct.as_char() == ':' => {
                    self.out.last_mut().expect("the first half").text.push(':');
                    continue;
                }
                TokenTree::Punct(punct) => {
                    self.push(punct.as_char().to_string(), line);
                    match punct.as_char() {
                        ';' => self.marks = Marks::default(),
                        ':' => self.marks.colon = punct.spacing() == Spacing::Joint,
                        _ => {}
                    }
                    continue;
                }
                TokenTree::Group(group) => self.group(&group),
            }
            self.marks.colon = false;
        }
    }

    fn group(&mut self, group: &Group) {
        let (open, close) = delimiters(group.delimiter());
        let body = group.delimiter() == Delimiter::Brace;
        let inner = Place {
            depth: self.place.depth + 1,
            inline: self.place.inline + usize::from(body && self.marks.module),
            test: self.place.test || self.marks.test,
            quoted: self.place.quoted || self.is_quote(),
        };
        let attribute = open == "[" && self.out.last().is_some_and(|token| token.text == "#");
        self.push(open.to_owned(), group.span_open().start().line);
        let from = self.out.len();
        let mut level = Level { place: inner, out: std::mem::take(&mut self.out), marks: Marks::default() };
        level.lay_out(group.stream());
        self.out = level.out;
        self.marks.test |= attribute && is_test_attribute(&self.out[from..]);
        self.push(close.to_owned(), group.span_close().start().line);
        if body {
            self.marks = Marks::default();
        }
    }

    fn push(&mut self, text: String, line: usize) {
        let place = Place { test: self.place.test || self.marks.test, ..self.place };
        self.out.push(Token { text, line, literal: false, place });
    }

    fn is_quote(&self) -> bool {
        matches!(self.out.as_slice(), [.., name, bang] if bang.text == "!" && QUOTES.contains(&name.text.as_str()))
    }
}

/// `cfg(test)`, `cfg(all(test, …))`, `test`, `tokio::test`; not `cfg(not(test))`.
fn is_test_attribute(tokens: &[Token]) -> bool {
    let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    match words.first() {
        Some(&"cfg") => words.contains(&"test") && !words.contains(&"not"),
        Some(_) => words == ["test"] || words.starts_with(&["tokio", "::", "test"]),
        None => false,
    }
}

fn delimiters(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

#[cfg(test)]
fn marked(text: &str, name: &str, mark: fn(&Place) -> bool) -> Vec<bool> {
    let tokens = tokens(text, Place::default()).expect("Rust tokens");
    tokens.iter().filter(|token| token.text == name).map(|token| mark(&token.place)).collect()
}

#[test]
fn a_string_and_a_comment_are_no_code() {
    let tokens = tokens("// x::y\nconst A: &str = \"x::y\";\n/* x::y */ x::y;", Place::default()).expect("Rust tokens");
    let lines: Vec<usize> = tokens.iter().filter(|token| token.text == "::").map(|token| token.line).collect();
    assert_eq!(lines, [3]);
}

#[test]
fn what_is_compiled_for_tests_only_is_marked() {
    let text =
        "fn a() {} #[cfg(test)] mod tests { use super::a; } fn b() {} #[cfg(not(test))] fn c() {} #[test] fn d() {}";
    let tests = |name| marked(text, name, |place| place.test);
    assert_eq!((tests("a"), tests("b")), (vec![false, true], vec![false]));
    assert_eq!((tests("c"), tests("d")), (vec![false], vec![true]));
}

#[test]
fn what_is_quoted_is_marked() {
    let text = "use a; fn f() { quote!(a { a }); quote_spanned! {s=> a} a; assert!(a) }";
    assert_eq!(marked(text, "a", |place| place.quoted), [false, true, true, true, false, false]);
}

#[test]
fn inline_modules_are_counted() {
    let text = "mod a; fn f() { x } mod b { mod c { x } x } x";
    let tokens = tokens(text, Place::default()).expect("Rust tokens");
    let depths: Vec<usize> = tokens.iter().filter(|token| token.text == "x").map(|token| token.place.inline).collect();
    assert_eq!(depths, [0, 2, 1, 0]);
}
