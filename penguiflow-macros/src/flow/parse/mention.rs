//! Reads a node's name and what is said about it: policy, `as`, arms.

use crate::flow::cursor::Cursor;
use crate::flow::parse::word::Stands;
use crate::flow::parse::{Parser, Place, policy};
use crate::flow::syntax::{Mention, Path, Step};
use crate::flow::text;
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

impl Parser<'_> {
    /// Reads a node; the cursor stands on a name or on `::`.
    pub(super) fn mention(&mut self, cursor: &mut Cursor, place: Place) -> Step {
        let at = cursor.span();
        let Some(path) = self.path(cursor, place) else {
            return Step::Lost(at);
        };
        let policy = cursor.group(Delimiter::Parenthesis).and_then(|group| policy::read(self, &path, &group));
        let alias = cursor.keyword("as").and_then(|word| self.alias(&path, &word, cursor));
        if let Some((word, name)) = self.next_word(cursor, Stands::BehindNode) {
            cursor.ident();
            (word.read)(self, name, cursor);
        }
        let asks = self.asks.take();
        let arms = cursor.group(Delimiter::Brace).map(|group| self.arms(&path, &group));
        if let (Some(asks), None) = (&asks, &arms) {
            let text = format!(
                "a policy is asked about arms, and `{0}` has none here: write `{0} with {1} {{ … }}`",
                path.text, asks.text
            );
            self.diags.error(asks.last.span(), text);
        }
        Step::Node(Mention { path, policy, alias, asks, arms })
    }

    fn path(&mut self, cursor: &mut Cursor, place: Place) -> Option<Path> {
        if let Some(word) = cursor.peek_ident().filter(|_| !begins_path(cursor)).cloned() {
            self.keyword(&word, cursor, place);
            return None;
        }
        let path = match read_path(cursor) {
            Ok(path) => Some(path),
            Err((span, what)) => {
                self.diags.error(span, format!("{what}: a node's name follows `::`"));
                None
            }
        };
        if cursor.peek_punct('<') || cursor.peek_turbofish() {
            self.diags.error(cursor.span(), "a node has no type arguments: write its name only");
            skip_type_arguments(cursor);
        }
        path
    }

    /// Reads the policy behind `word`.
    pub(crate) fn policy(&mut self, word: &Ident, cursor: &mut Cursor) {
        if !begins_path(cursor) {
            let text = format!("a policy is missing behind `{word}`: write its type, `{word} Tenants {{ … }}`");
            self.diags.error(word.span(), text);
            return;
        }
        match read_path(cursor) {
            Ok(path) => self.asks = Some(path),
            Err((span, what)) => self.diags.error(span, format!("{what}: a policy's type follows `::`")),
        }
        if cursor.peek_punct('<') || cursor.peek_turbofish() {
            let text = "a policy is named without type arguments: give it a name by `type Tenants = …;`";
            self.diags.error(cursor.span(), text);
            skip_type_arguments(cursor);
        }
        if cursor.peek_group(Delimiter::Parenthesis).is_some() {
            let text =
                format!("`{word}` names a policy's type: its value is given at the start, by `.with_routing(…)`");
            self.diags.error(cursor.span(), text);
            cursor.group(Delimiter::Parenthesis);
        }
    }

    fn keyword(&mut self, word: &Ident, cursor: &mut Cursor, place: Place) {
        let text = match word.to_string().as_str() {
            "loop" | "while" | "for" => {
                format!("`{word}` is a keyword of Rust: a loop is written `repeat(turns = 8) {{ … }}`")
            }
            "if" | "match" => {
                format!(
                    "`{word}` is a keyword of Rust: a choice is a router and its arms, `triage {{ Good -> polish }}`"
                )
            }
            "as" | "else" | "_" => {
                self.unexpected(cursor, place);
                return;
            }
            _ => format!("`{word}` is a keyword of Rust and names no node: steps are nodes, forks `(b, c)` and words"),
        };
        self.diags.error(word.span(), text);
        cursor.skip_to_arrow();
    }

    fn alias(&mut self, path: &Path, word: &Ident, cursor: &mut Cursor) -> Option<Ident> {
        let Some(alias) = cursor.ident() else {
            self.diags.error(word.span(), format!("a name is missing behind `as`: write `{} as quick`", path.text));
            return None;
        };
        if !is_name(&alias) || self.is_word(&alias) {
            let text =
                format!("an instance cannot be called `{alias}`, which is a word of its own: choose another name");
            self.diags.error(alias.span(), text);
            return None;
        }
        if let Some(group) = cursor.group(Delimiter::Parenthesis) {
            self.diags.error_on(
                &group,
                format!(
                    "policy stands before `as`: write `{}({}) as {alias}`",
                    path.text,
                    text::compact(&group.stream())
                ),
            );
        }
        Some(alias)
    }
}

/// Whether `name` can name a node, an arm or an instance: no keyword of Rust.
pub(super) fn is_name(name: &Ident) -> bool {
    syn::parse2::<Ident>(TokenStream::from(TokenTree::from(name.clone()))).is_ok()
}

fn begins_path(cursor: &Cursor) -> bool {
    let Some(first) = cursor.peek_ident() else {
        return cursor.peek_colons();
    };
    let mut behind = cursor.clone();
    behind.ident();
    is_name(first) || (is_root(first) && behind.peek_colons())
}

/// Whether `word` stands before `::` only.
fn is_root(word: &Ident) -> bool {
    matches!(word.to_string().as_str(), "crate" | "self" | "super")
}

/// Reads `a::b::c`; of a broken path gives back where it breaks off, and what is wrong there.
fn read_path(cursor: &mut Cursor) -> Result<Path, (Span, String)> {
    let mut tokens = TokenStream::new();
    if cursor.peek_colons() {
        tokens.extend(cursor.take(2));
    }
    loop {
        let Some(last) = cursor.ident() else {
            return Err((cursor.span(), "this path is not finished".to_owned()));
        };
        let is_last = !cursor.peek_colons() || cursor.peek_turbofish();
        if !is_name(&last) && (is_last || !is_root(&last)) {
            return Err((last.span(), format!("`{last}` is a keyword of Rust and no name")));
        }
        tokens.extend([TokenTree::from(last.clone())]);
        if is_last {
            let text = tokens.clone().into_iter().map(|token| token.to_string()).collect();
            return Ok(Path { tokens, text, last });
        }
        tokens.extend(cursor.take(2));
    }
}

fn skip_type_arguments(cursor: &mut Cursor) {
    let mut open = 0_usize;
    while let Some(token) = cursor.peek() {
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '<' => open += 1,
            TokenTree::Punct(sign) if sign.as_char() == '>' && open == 1 => {
                cursor.bump();
                return;
            }
            TokenTree::Punct(sign) if sign.as_char() == '>' => open = open.saturating_sub(1),
            TokenTree::Punct(_) | TokenTree::Ident(_) | TokenTree::Group(_) | TokenTree::Literal(_) => {}
        }
        cursor.bump();
    }
}
