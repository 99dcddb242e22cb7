//! Reads the head of a named flow: attributes, visibility, name, the type that comes in, the type that goes out.

use crate::flow::cursor::Cursor;
use crate::flow::parse::{Parser, arms, mention};
use crate::flow::syntax::{Attr, Chain, Form, Header, Owner};
use crate::flow::text;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

impl Parser<'_> {
    /// An item has attributes or a visibility in front, or is a name with a type in parentheses and braces at the end. The
    /// arrow between them may have been forgotten.
    pub(super) fn is_item(&self, cursor: &Cursor) -> bool {
        let mut cursor = cursor.clone();
        if cursor.peek_punct('#') || cursor.keyword("pub").is_some() {
            return true;
        }
        let named = cursor.ident().is_some_and(|name| mention::is_name(&name) && !self.is_word(&name));
        let Some(input) = cursor.group(Delimiter::Parenthesis).filter(|_| named) else {
            return false;
        };
        if !ends_in_braces(&cursor) {
            return false;
        }
        if cursor.arrow().is_none() {
            return cursor.peek_group(Delimiter::Brace).is_some() && is_capitalised(&Cursor::inside(&input));
        }
        // A type that is not right yet shows by the one behind the arrow: nodes are functions, and not capitalised.
        syn::parse2::<syn::Type>(input.stream()).is_ok() || is_capitalised(&cursor)
    }

    /// Reads a named flow.
    pub(super) fn item(&mut self, cursor: &mut Cursor) -> (Form, Vec<Chain>) {
        let attrs = self.attrs(cursor);
        let vis = visibility(cursor);
        let start = cursor.span();
        let mut head = cursor.cut(tokens_before_body(cursor));
        let body = cursor.group(Delimiter::Brace);
        let form = self.head(&mut head, attrs, vis);
        let Some(body) = body else {
            if let Form::Item(_) = form {
                self.diags.error(start, "the flow's body is missing: write its chain in braces, `{ a -> b }`");
            }
            return (form, vec![Chain::lost(start)]);
        };
        if !cursor.at_end() {
            self.diags.error(cursor.span(), "one `flow!` holds one flow: write another `flow!` for the next one");
        }
        (form, self.body(&Cursor::inside(&body), start))
    }

    fn head(&mut self, cursor: &mut Cursor, attrs: Vec<Attr>, vis: TokenStream) -> Form {
        let Some(name) = self.flow_name(cursor) else { return Form::Headless(None) };
        let types = self.types(&name, cursor);
        let owner = Owner { attrs, vis, name };
        match types {
            Some((input, output)) => Form::Item(Header { owner, input, output }),
            None => Form::Headless(Some(owner)),
        }
    }

    /// What stands before a flow as before any item, but for what is no attribute.
    fn attrs(&mut self, cursor: &mut Cursor) -> Vec<Attr> {
        let (attrs, others): (Vec<Attr>, Vec<Attr>) =
            arms::attrs(cursor).into_iter().partition(|attr| !attr.name.is_empty());
        others
            .iter()
            .for_each(|other| self.diags.error_on(&other.tokens, "this is no attribute: write `#[cfg(unix)]`"));
        attrs
    }

    fn types(&mut self, name: &Ident, cursor: &mut Cursor) -> Option<(TokenStream, TokenStream)> {
        if cursor.peek_punct('<') {
            self.diags.error(cursor.span(), "a flow has no type parameters: its messages are known types");
            return None;
        }
        let Some(input) = cursor.group(Delimiter::Parenthesis) else {
            let text = format!("the flow's input is missing: write `{name}(Question) -> Answer {{ … }}`");
            self.diags.error(name.span(), text);
            return None;
        };
        let input = self.input(name, &input)?;
        if cursor.arrow().is_none() {
            let text =
                format!("the flow's output is missing: write `{name}({}) -> Answer {{ … }}`", text::compact(&input));
            self.diags.error(name.span(), text);
            return None;
        }
        if cursor.at_end() {
            self.diags.error(cursor.span(), "the type that the flow ends with is missing behind `->`");
            return None;
        }
        Some((input, self.is_type(cursor.rest())?))
    }

    fn flow_name(&mut self, cursor: &mut Cursor) -> Option<Ident> {
        let at = cursor.span();
        if cursor.keyword("async").is_some() | cursor.keyword("fn").is_some() {
            self.diags.error(at, "a flow is no function: leave `fn` out, `pub support(Question) -> Answer { … }`");
        }
        let at = cursor.span();
        let Some(name) = cursor.ident() else {
            self.diags.error(at, "the flow's name is missing: write `support(Question) -> Answer { … }`");
            return None;
        };
        if !mention::is_name(&name) || self.is_word(&name) {
            self.diags.error(
                at,
                format!("a flow cannot be called `{name}`, which is a word of its own: choose another name"),
            );
            return None;
        }
        Some(name)
    }

    fn input(&mut self, name: &Ident, input: &Group) -> Option<TokenStream> {
        let mut cursor = Cursor::inside(input);
        if cursor.at_end() {
            self.diags.error_on(input, format!("a flow takes one message: write its type, `{name}(Question)`"));
            return None;
        }
        if cursor.split(',').len() > 1 {
            let text = format!(
                "a flow takes one message: for several values write a tuple, `{name}(({}))`",
                text::compact(&input.stream())
            );
            self.diags.error_on(input, text);
            return None;
        }
        if cursor.peek_ident().is_some() && is_colon(cursor.peek_nth(1)) && !is_colon(cursor.peek_nth(2)) {
            let at = cursor.span();
            cursor.take(2);
            self.diags.error(
                at,
                format!("a flow's input is a type without a name: write `{name}({})`", text::compact(&cursor.rest())),
            );
            return None;
        }
        self.is_type(input.stream())
    }

    fn is_type(&mut self, tokens: TokenStream) -> Option<TokenStream> {
        match syn::parse2::<syn::Type>(tokens.clone()) {
            Ok(_) => Some(tokens),
            Err(error) => {
                let text = format!("`{}` is no type: write the type of one message", text::compact(&tokens));
                self.diags.error(error.span(), text);
                None
            }
        }
    }
}

fn visibility(cursor: &mut Cursor) -> TokenStream {
    let Some(word) = cursor.keyword("pub") else {
        return TokenStream::new();
    };
    let mut tokens = TokenStream::from(TokenTree::from(word));
    let is_scope = |scope: &Ident| matches!(scope.to_string().as_str(), "crate" | "self" | "super" | "in");
    if cursor
        .peek_group(Delimiter::Parenthesis)
        .is_some_and(|group| Cursor::inside(group).peek_ident().is_some_and(is_scope))
    {
        tokens.extend(cursor.take(1));
    }
    tokens
}

fn tokens_before_body(cursor: &Cursor) -> usize {
    let mut angles = 0_usize;
    let mut count = 0;
    while let Some(token) = cursor.peek_nth(count) {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && angles == 0 => break,
            TokenTree::Punct(sign) if sign.as_char() == '<' => angles += 1,
            TokenTree::Punct(sign) if sign.as_char() == '>' => angles = angles.saturating_sub(1),
            TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => {}
        }
        count += 1;
    }
    count
}

fn is_capitalised(cursor: &Cursor) -> bool {
    cursor.peek_ident().is_some_and(|name| name.to_string().starts_with(char::is_uppercase))
}

fn ends_in_braces(cursor: &Cursor) -> bool {
    let mut cursor = cursor.clone();
    matches!(cursor.rest().into_iter().last(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
}

fn is_colon(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(sign)) if sign.as_char() == ':')
}
