//! Reads chains and steps. Goes on behind every mistake: what stands in another branch, arm or chain is still read.

pub(crate) mod arms;
pub(crate) mod duration;
pub(crate) mod header;
pub(crate) mod krate;
pub(crate) mod mention;
pub(crate) mod number;
pub(crate) mod policy;
pub(crate) mod word;

use crate::diag::Diags;
use crate::flow::cursor::Cursor;
use crate::flow::paths;
use crate::flow::syntax::{Chain, Exit, ExitKind, Flow, Fork, Form, Path, Setting, Settings, Step};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use syn::token::RArrow;
use word::{Found, Stands, Word};

/// Reads one call of `flow!`.
pub(crate) fn flow(input: TokenStream, words: &'static [Word], diags: &mut Diags) -> Flow {
    let mut parser = Parser { diags, words, settings: Settings::default(), asks: None, strays: Vec::new() };
    let mut cursor = Cursor::new(input, Span::call_site());
    let (form, chains) = if parser.is_item(&cursor) {
        parser.item(&mut cursor)
    } else {
        (Form::Expression, parser.body(&cursor, Span::call_site()))
    };
    Flow { form, settings: parser.settings, chains, strays: parser.strays }
}

/// Whether `input` is a named flow.
pub(crate) fn is_item(input: &Cursor, words: &'static [Word]) -> bool {
    let mut unheard = Diags::default();
    let parser = Parser { diags: &mut unheard, words, settings: Settings::default(), asks: None, strays: Vec::new() };
    parser.is_item(input)
}

/// What all reading functions share.
pub(crate) struct Parser<'d> {
    pub(crate) diags: &'d mut Diags,
    words: &'static [Word],
    settings: Settings,
    /// What the word behind a node has read, until the node takes it.
    asks: Option<Path>,
    strays: Vec<Path>,
}

/// Where a chain stands, which decides what may end it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Flow,
    Branch,
    Arm,
    /// Between the braces of `repeat`, or behind its `else`.
    Loop,
}

/// What stands between two arrows: a step, or the word that ends an arm.
#[expect(clippy::large_enum_variant, reason = "each value is taken apart where it is made")]
pub(crate) enum Parsed {
    Step(Step),
    Exit(ExitKind, Ident),
}

impl Parser<'_> {
    /// The chains of a flow, with the settings before them.
    pub(super) fn body(&mut self, cursor: &Cursor, owner: Span) -> Vec<Chain> {
        let (mut chains, mut empty) = (Vec::new(), None);
        for mut piece in cursor.split(';') {
            let settings = chains.is_empty() && self.settings(&mut piece.cursor);
            if !piece.cursor.at_end() {
                chains.push(self.chain(&mut piece.cursor, Place::Flow));
            } else if !settings {
                empty = empty.or(Some(piece.cursor.span()));
            }
        }
        if chains.is_empty() {
            self.diags.error(owner, "this flow has no step: write a chain of nodes, `a -> b`");
            return vec![Chain::lost(owner)];
        }
        if let Some(empty) = empty {
            self.diags.error(empty, "a chain is missing before this `;`");
        }
        chains
    }

    /// Reads what stands before a flow's first chain; returns whether there was any.
    fn settings(&mut self, cursor: &mut Cursor) -> bool {
        let mut any = false;
        while let Some((word, name)) = self.next_word(cursor, Stands::AsSetting) {
            cursor.ident();
            (word.read)(self, name, cursor);
            any = true;
        }
        any
    }

    /// Keeps what `word` says of the flow as a whole.
    pub(crate) fn set(&mut self, word: &Ident, setting: Setting) {
        if !self.settings.add(setting) {
            self.diags.error(word.span(), format!("`{word}` is given twice: keep one"));
        }
    }

    /// Reads `cursor` to its end as one chain.
    pub(crate) fn chain(&mut self, cursor: &mut Cursor, place: Place) -> Chain {
        let mut chain = Chain::default();
        if let Some(arrow) = cursor.arrow() {
            self.diags.error_on(&arrow, "a step is missing before this arrow");
        }
        while !cursor.at_end() {
            match self.step(cursor, place) {
                Parsed::Step(step) => {
                    chain.steps.push(step);
                    let tied = self.arrow(cursor, place, &mut chain);
                    if place == Place::Arm && !tied && begins_arm(cursor) {
                        break;
                    }
                }
                Parsed::Exit(kind, word) if place == Place::Arm => {
                    self.nothing_follows(cursor, &word);
                    chain.exit = Some(Exit { kind, word });
                    break;
                }
                Parsed::Exit(_, word) => {
                    let text =
                        format!("`{word}` ends an arm of a router: write `Variant -> {word}` between its braces");
                    self.diags.error(word.span(), text);
                    chain.steps.push(Step::Lost(word.span()));
                    self.arrow(cursor, place, &mut chain);
                }
            }
        }
        chain
    }

    /// Reads one step, or the word that ends an arm.
    pub(crate) fn step(&mut self, cursor: &mut Cursor, place: Place) -> Parsed {
        if cursor.peek_colons() {
            return Parsed::Step(self.mention(cursor, place));
        }
        if let Some(group) = cursor.group(Delimiter::Parenthesis) {
            return Parsed::Step(self.fork(&group));
        }
        let Some(name) = cursor.peek_ident().cloned() else {
            return Parsed::Step(self.unexpected(cursor, place));
        };
        match self.find(&name, cursor) {
            Found::Word(word) if word.stands == Stands::AsSetting => Parsed::Step(self.misplaced(word, cursor)),
            Found::Word(word) if word.stands == Stands::BehindNode => Parsed::Step(self.alone(word, cursor)),
            Found::Word(word) => {
                cursor.ident();
                (word.read)(self, name, cursor)
            }
            Found::Near(word) if word.stands == Stands::AsSetting => {
                self.diags.error(name.span(), format!("there is no word `{name}`: did you mean `{}`?", word.usage));
                cursor.skip_to_arrow();
                Parsed::Step(Step::Lost(name.span()))
            }
            Found::Near(word) => {
                cursor.ident();
                let text = format!("there is no word `{name}`: did you mean `{}`?", word.usage);
                self.diags.error(name.span(), text);
                (word.read)(self, Ident::new(word.name, name.span()), cursor)
            }
            Found::Name => Parsed::Step(self.mention(cursor, place)),
        }
    }

    /// Passes over a word that says something about the flow as a whole, and stands in a chain.
    fn misplaced(&mut self, word: &Word, cursor: &mut Cursor) -> Step {
        let (span, name) = (cursor.span(), word.name);
        self.diags.error(span, format!("`{name}` stands before a flow's first chain: write `{} a -> b`", word.usage));
        cursor.skip_to_arrow();
        Step::Lost(span)
    }

    /// Passes over a word that says something about a node, and has none before it.
    fn alone(&mut self, word: &Word, cursor: &mut Cursor) -> Step {
        let (span, name) = (cursor.span(), word.name);
        self.diags.error(span, format!("`{name}` stands behind a router's name: write `{}`", word.usage));
        cursor.skip_to_arrow();
        Step::Lost(span)
    }

    fn fork(&mut self, group: &Group) -> Step {
        Step::Fork(self.branches(group))
    }

    /// The branches between a fork's parentheses.
    pub(crate) fn branches(&mut self, group: &Group) -> Fork {
        let pieces = Cursor::inside(group).split(',');
        let (count, told) = (pieces.len(), self.diags.count());
        let mut branches = Vec::new();
        for mut piece in pieces {
            if piece.cursor.at_end() {
                let span = piece.cursor.span();
                self.diags.error(span, "a branch is missing before this `,`");
                branches.push(Chain::lost(span));
            } else {
                branches.push(self.chain(&mut piece.cursor, Place::Branch));
            }
        }
        if count < 2 && told == self.diags.count() {
            let text = "a fork has two branches or more, `(b, c)`: write a single step without parentheses";
            self.diags.error_on(group, text);
        }
        Fork { branches, parallel: false, span: group.span() }
    }

    /// Takes the arrow behind a step; tells what stands there instead. Returns whether an arrow was written.
    fn arrow(&mut self, cursor: &mut Cursor, place: Place, chain: &mut Chain) -> bool {
        if cursor.peek_fat_arrow() {
            let span = cursor.span();
            self.diags.error_on(&cursor.take(2), "steps are tied by `->`: write `->` for `=>`");
            self.step_follows(cursor, RArrow { spans: [span; 2] });
            return true;
        }
        if let Some(arrow) = cursor.arrow() {
            self.step_follows(cursor, arrow);
            return true;
        }
        let last = chain.steps.last();
        let (Some(token), Some(last)) = (cursor.peek(), last) else {
            return false;
        };
        if begins_step(token) {
            if place == Place::Arm && begins_arm(cursor) {
                self.diags.error(token.span(), "`,` is missing before this arm");
            } else if !matches!(last, Step::Lost(_)) && self.next_word(cursor, Stands::AsSetting).is_none() {
                self.diags.error(token.span(), format!("`->` is missing between `{}` and this step", last.name()));
            }
            return false;
        }
        let step = self.unexpected(cursor, place);
        chain.steps.push(step);
        if let Some(arrow) = cursor.arrow() {
            self.step_follows(cursor, arrow);
        }
        true
    }

    fn step_follows(&mut self, cursor: &mut Cursor, arrow: RArrow) {
        if cursor.at_end() {
            self.diags.error_on(&arrow, "a step is missing behind this arrow");
        }
        while let Some(second) = cursor.arrow() {
            self.diags.error_on(&second, "a step is missing before this arrow");
        }
    }

    fn nothing_follows(&mut self, cursor: &mut Cursor, word: &Ident) {
        if cursor.at_end() {
            return;
        }
        if cursor.peek_arrow() {
            self.diags.error(cursor.span(), format!("nothing runs behind `{word}`: it ends the arm"));
            self.keep_strays(cursor);
        } else {
            self.diags.error(cursor.span(), format!("`,` is missing behind `{word}`, which ends the arm"));
        }
    }

    /// Tells that the next token is none that may stand here, and skips to the next arrow.
    pub(crate) fn unexpected(&mut self, cursor: &mut Cursor, place: Place) -> Step {
        let span = cursor.span();
        let Some(token) = cursor.peek() else {
            return Step::Lost(span);
        };
        let text = match token {
            TokenTree::Punct(sign) if sign.as_char() == ';' && place == Place::Branch => {
                "branches are separated by `,`".to_owned()
            }
            TokenTree::Punct(sign) if sign.as_char() == ';' => {
                "`;` stands between the chains of a flow only".to_owned()
            }
            TokenTree::Punct(sign) if sign.as_char() == ',' => {
                "`,` separates branches and arms: put parentheses around the branches of a fork, `(b, c) -> join`"
                    .to_owned()
            }
            TokenTree::Punct(sign) if sign.as_char() == '|' => {
                "a step is a node's name: a flow captures nothing, so write the closure as a `#[node]` function"
                    .to_owned()
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                "braces stand behind a router's name, `triage { Good -> polish }`, or behind `repeat(turns = 8)`"
                    .to_owned()
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                "brackets mean nothing here: a fork is written in parentheses, `(b, c)`".to_owned()
            }
            TokenTree::Ident(word) if word == "as" => {
                "`as` names a second instance of a node: write it behind the node's name".to_owned()
            }
            TokenTree::Ident(word) if word == "else" => {
                "`else` stands behind `repeat(turns = 8) { … }` only".to_owned()
            }
            token => format!("unexpected `{token}`: steps are nodes, forks `(b, c)` and words, tied by `->`"),
        };
        self.diags.error(span, text);
        cursor.skip_to_arrow();
        Step::Lost(span)
    }

    /// Keeps the names in what nobody reads, without a word about its mistakes: one was told already.
    pub(crate) fn keep_strays(&mut self, cursor: &mut Cursor) {
        let mut unheard = Diags::default();
        let mut parser = Parser {
            diags: &mut unheard,
            words: self.words,
            settings: Settings::default(),
            asks: None,
            strays: Vec::new(),
        };
        let chain = parser.chain(cursor, Place::Flow);
        self.strays.append(&mut parser.strays);
        paths::collect(&chain, &mut self.strays);
    }
}

impl Chain {
    /// A chain that was told to be missing.
    pub(crate) fn lost(span: Span) -> Self {
        Chain { steps: vec![Step::Lost(span)], exit: None }
    }
}

/// Whether a `,` was forgotten: `Variant ->`. Nodes are functions, and functions do not begin with a capital letter.
fn begins_arm(cursor: &Cursor) -> bool {
    let mut cursor = cursor.clone();
    cursor.ident().is_some_and(|name| name.to_string().starts_with(char::is_uppercase)) && cursor.peek_arrow()
}

fn begins_step(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(name) => !matches!(name.to_string().as_str(), "as" | "else" | "_"),
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        TokenTree::Punct(sign) => sign.as_char() == ':',
        TokenTree::Literal(_) => false,
    }
}
