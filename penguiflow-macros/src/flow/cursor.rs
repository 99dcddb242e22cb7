//! A cursor over token trees that can be cut into pieces. Knows Rust's tokens and nothing of flows.
//!
//! Not syn's `ParseStream`: a mistake in one piece must not hide those in the next one, and a stream that is left
//! half read replaces our errors by "unexpected token".

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use std::rc::Rc;
use syn::token::RArrow;

/// A piece of the user's tokens, read from left to right.
#[derive(Clone)]
pub(crate) struct Cursor {
    tokens: Rc<[TokenTree]>,
    at: usize,
    to: usize,
    end: Span,
}

/// One part of a list.
pub(crate) struct Piece {
    pub(crate) cursor: Cursor,
}

impl Cursor {
    /// Reads `tokens`; a mistake behind the last of them is shown at `end`.
    pub(crate) fn new(tokens: TokenStream, end: Span) -> Self {
        let mut flat = Vec::new();
        flatten(tokens, &mut flat);
        Cursor { at: 0, to: flat.len(), tokens: flat.into(), end }
    }

    /// Reads what stands inside `group`.
    pub(crate) fn inside(group: &Group) -> Self {
        Cursor::new(group.stream(), group.span_close())
    }

    pub(crate) fn at_end(&self) -> bool {
        self.at == self.to
    }

    /// Where the next token is, or where one is missing.
    pub(crate) fn span(&self) -> Span {
        self.peek().map_or(self.end, TokenTree::span)
    }

    pub(crate) fn peek(&self) -> Option<&TokenTree> {
        self.peek_nth(0)
    }

    pub(crate) fn peek_nth(&self, n: usize) -> Option<&TokenTree> {
        self.tokens[..self.to].get(self.at + n)
    }

    pub(crate) fn bump(&mut self) -> Option<TokenTree> {
        let token = self.peek().cloned();
        self.at += usize::from(token.is_some());
        token
    }

    pub(crate) fn peek_ident(&self) -> Option<&Ident> {
        ident(self.peek())
    }

    pub(crate) fn ident(&mut self) -> Option<Ident> {
        let found = self.peek_ident().cloned();
        self.at += usize::from(found.is_some());
        found
    }

    /// Takes the next token if it is the identifier `name`.
    pub(crate) fn keyword(&mut self, name: &str) -> Option<Ident> {
        if self.peek_ident()? == name { self.ident() } else { None }
    }

    pub(crate) fn peek_group(&self, delimiter: Delimiter) -> Option<&Group> {
        group(self.peek(), delimiter)
    }

    pub(crate) fn group(&mut self, delimiter: Delimiter) -> Option<Group> {
        let found = self.peek_group(delimiter).cloned();
        self.at += usize::from(found.is_some());
        found
    }

    pub(crate) fn peek_punct(&self, sign: char) -> bool {
        is_punct(self.peek(), sign)
    }

    pub(crate) fn punct(&mut self, sign: char) -> Option<Punct> {
        match self.peek() {
            Some(TokenTree::Punct(punct)) if punct.as_char() == sign => {
                let punct = punct.clone();
                self.at += 1;
                Some(punct)
            }
            _ => None,
        }
    }

    /// `::`, whose two halves belong together.
    pub(crate) fn peek_colons(&self) -> bool {
        is_joint(self.peek(), ':') && is_punct(self.peek_nth(1), ':')
    }

    /// `::<`, behind which type arguments stand.
    pub(crate) fn peek_turbofish(&self) -> bool {
        self.peek_colons() && is_punct(self.peek_nth(2), '<')
    }

    pub(crate) fn peek_arrow(&self) -> bool {
        is_joint(self.peek(), '-') && is_punct(self.peek_nth(1), '>')
    }

    /// `=>`, which is what a hand used to `match` writes.
    pub(crate) fn peek_fat_arrow(&self) -> bool {
        is_joint(self.peek(), '=') && is_punct(self.peek_nth(1), '>')
    }

    pub(crate) fn arrow(&mut self) -> Option<RArrow> {
        if !self.peek_arrow() {
            return None;
        }
        let spans = [self.bump()?.span(), self.bump()?.span()];
        Some(RArrow { spans })
    }

    /// Takes the next `n` tokens.
    pub(crate) fn take(&mut self, n: usize) -> TokenStream {
        let to = (self.at + n).min(self.to);
        let taken = self.tokens[self.at..to].iter().cloned().collect();
        self.at = to;
        taken
    }

    /// Takes the next `n` tokens as a piece of their own.
    pub(crate) fn cut(&mut self, n: usize) -> Cursor {
        let start = self.at;
        self.at = (self.at + n).min(self.to);
        let end = self.span();
        Cursor { tokens: Rc::clone(&self.tokens), at: start, to: self.at, end }
    }

    /// Takes all that is left.
    pub(crate) fn rest(&mut self) -> TokenStream {
        self.take(self.to - self.at)
    }

    /// Skips to the next arrow of this piece, or to its end.
    pub(crate) fn skip_to_arrow(&mut self) {
        while !self.at_end() && !self.peek_arrow() {
            self.at += 1;
        }
    }

    /// Cuts what is left at each `sign` that stands outside groups and type arguments. A separator at the very end
    /// opens no further piece.
    pub(crate) fn split(&self, sign: char) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let (mut start, mut angles) = (self.at, 0_usize);
        for i in self.at..self.to {
            let before = i.checked_sub(1).map(|b| &self.tokens[b]);
            match &self.tokens[i] {
                TokenTree::Punct(p) if p.as_char() == '<' && (angles > 0 || is_punct(before, ':')) => angles += 1,
                TokenTree::Punct(p) if p.as_char() == '>' && angles > 0 && !is_joint(before, '-') => angles -= 1,
                TokenTree::Punct(p) if p.as_char() == sign && angles == 0 => {
                    pieces.push(self.piece(start, i, Some(p)));
                    start = i + 1;
                }
                _ => {}
            }
        }
        if start < self.to {
            pieces.push(self.piece(start, self.to, None));
        }
        pieces
    }

    fn piece(&self, at: usize, to: usize, separator: Option<&Punct>) -> Piece {
        let end = separator.map_or(self.end, Punct::span);
        Piece { cursor: Cursor { tokens: Rc::clone(&self.tokens), at, to, end } }
    }
}

fn flatten(tokens: TokenStream, flat: &mut Vec<TokenTree>) {
    for token in tokens {
        match token {
            // What a `macro_rules!` fragment wraps around `$node:path`.
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => flatten(group.stream(), flat),
            token => flat.push(token),
        }
    }
}

fn ident(token: Option<&TokenTree>) -> Option<&Ident> {
    match token {
        Some(TokenTree::Ident(ident)) => Some(ident),
        _ => None,
    }
}

fn group(token: Option<&TokenTree>, delimiter: Delimiter) -> Option<&Group> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
        _ => None,
    }
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn is_joint(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign && punct.spacing() == Spacing::Joint)
}
