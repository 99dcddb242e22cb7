//! Chains under `#[cfg(…)]`: a macro cannot know which of them are there, so each combination is a flow of its own, under the
//! condition that it is the one. Knows tokens only.

use crate::diag::Diags;
use crate::flow::cursor::Cursor;
use crate::flow::parse::{self, arms};
use crate::flow::text;
use crate::flow::words::WORDS;
use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

/// With each condition more there are twice as many flows to compile.
const CONDITIONS_MAX: usize = 4;

/// One flow, and which of its conditions hold for it.
pub(crate) struct Variant {
    /// Each with whether it holds.
    pub(crate) conditions: Vec<(TokenStream, bool)>,
    pub(crate) flow: TokenStream,
}

/// All flows that `input` may be.
pub(crate) struct Variants {
    pub(crate) all: Vec<Variant>,
    pub(crate) is_item: bool,
}

/// The flows that `input` may be, if one of its chains stands under a condition.
pub(crate) fn of(input: &TokenStream, diags: &mut Diags) -> Option<Variants> {
    let cursor = Cursor::new(input.clone(), Span::call_site());
    let is_item = parse::is_item(&cursor, WORDS);
    let (head, body) = if is_item { body_of(cursor)? } else { (TokenStream::new(), cursor) };
    let pieces = body.split(';').into_iter().enumerate();
    let chains: Vec<Chain> = pieces.map(|(at, piece)| Chain::read(piece.cursor, at == 0, diags)).collect();
    if !chains.iter().any(|chain| chain.has_attrs) {
        return None;
    }
    let bases = bases(&chains, diags);
    let variant = |mask: usize| {
        let holds = |condition: &Condition| {
            let at = bases.iter().position(|base| base.text == condition.text).unwrap_or_default();
            (mask >> at & 1 == 1) != condition.negated
        };
        let chain = |chain: &Chain| {
            let there = chain.conditions.iter().all(holds);
            let tokens = if there { chain.tokens.clone() } else { TokenStream::new() };
            (there || !chain.before.is_empty())
                .then(|| [chain.before.clone(), tokens].into_iter().collect::<TokenStream>())
        };
        let chains: Vec<TokenStream> = chains.iter().filter_map(chain).collect();
        let chains = joined(chains);
        let flow = match is_item {
            true => head.clone().into_iter().chain([braces(chains, &body)]).collect(),
            false => chains,
        };
        let conditions =
            bases.iter().enumerate().map(|(at, base)| (base.tokens.clone(), mask >> at & 1 == 1)).collect();
        Variant { conditions, flow }
    };
    Some(Variants { all: (0..1 << bases.len()).map(variant).collect(), is_item })
}

/// A chain as it was written.
struct Chain {
    /// The settings of the flow that stand before the first chain.
    before: TokenStream,
    has_attrs: bool,
    conditions: Vec<Condition>,
    tokens: TokenStream,
}

/// `not(unix)`, taken apart.
struct Condition {
    text: String,
    tokens: TokenStream,
    negated: bool,
    span: Span,
}

impl Chain {
    /// Before the first chain there may be settings.
    fn read(mut cursor: Cursor, is_first: bool, diags: &mut Diags) -> Self {
        let mut whole = cursor.clone();
        let mut before = TokenStream::new();
        while is_first && !cursor.at_end() && !cursor.peek_punct('#') && !cursor.peek_arrow() {
            before.extend(cursor.bump());
        }
        let attrs = arms::attrs(&mut cursor);
        if attrs.is_empty() || cursor.peek_arrow() {
            return Chain {
                before: TokenStream::new(),
                has_attrs: false,
                conditions: Vec::new(),
                tokens: whole.rest(),
            };
        }
        let mut conditions = Vec::new();
        for attr in attrs {
            match attr.condition().filter(|_| attr.name == "cfg") {
                Some(condition) => conditions.push(Condition::read(condition, &attr.tokens)),
                None => diags.error_on(&attr.tokens, "a chain takes no attribute but `#[cfg(…)]`"),
            }
        }
        Chain { before, has_attrs: true, conditions, tokens: cursor.rest() }
    }
}

impl Condition {
    fn read(condition: TokenStream, attr: &TokenStream) -> Self {
        let span = attr.clone().into_iter().nth(1).map_or_else(Span::call_site, |brackets| brackets.span());
        let mut tokens: Vec<TokenTree> = condition.clone().into_iter().collect();
        match (tokens.pop(), tokens.pop(), tokens.is_empty()) {
            (Some(TokenTree::Group(inside)), Some(TokenTree::Ident(word)), true) if word == "not" => {
                let tokens = inside.stream();
                Condition { text: text::compact(&tokens), tokens, negated: true, span }
            }
            _ => Condition { text: text::compact(&condition), tokens: condition, negated: false, span },
        }
    }
}

/// The different conditions.
fn bases<'c>(chains: &'c [Chain], diags: &mut Diags) -> Vec<&'c Condition> {
    let mut bases: Vec<&Condition> = Vec::new();
    for condition in chains.iter().flat_map(|chain| &chain.conditions) {
        if bases.iter().any(|base| base.text == condition.text) {
            continue;
        }
        if bases.len() == CONDITIONS_MAX {
            let text = format!(
                "the chains of a flow stand under {CONDITIONS_MAX} different conditions at most, because each combination is \
                 compiled: make some of them flows of their own, with the `#[cfg(…)]` in front of the flow"
            );
            diags.error(condition.span, text);
            break;
        }
        bases.push(condition);
    }
    bases
}

/// What stands before the body of a named flow, and the inside of that.
fn body_of(mut cursor: Cursor) -> Option<(TokenStream, Cursor)> {
    let mut head = TokenStream::new();
    while !cursor.at_end() {
        if let Some(group) = cursor.peek_group(Delimiter::Brace) {
            return Some((head, Cursor::inside(group)));
        }
        head.extend(cursor.bump());
    }
    None
}

/// The chains with `;` between them.
fn joined(chains: Vec<TokenStream>) -> TokenStream {
    let mut all = TokenStream::new();
    for chain in chains {
        all.extend(chain);
        all.extend([TokenTree::from(proc_macro2::Punct::new(';', proc_macro2::Spacing::Alone))]);
    }
    all
}

fn braces(inside: TokenStream, body: &Cursor) -> TokenTree {
    let mut group = Group::new(Delimiter::Brace, inside);
    group.set_span(body.span());
    TokenTree::Group(group)
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::diag::Diags;

    fn variants(source: &str) -> (Vec<(String, String)>, Vec<String>) {
        let mut diags = Diags::default();
        let all = of(&source.parse().expect("tokens"), &mut diags).map_or_else(Vec::new, |variants| variants.all);
        let condition = |(tokens, holds): &(proc_macro2::TokenStream, bool)| format!("{tokens}={holds}");
        let shown = all.iter().map(|variant| {
            let conditions: Vec<String> = variant.conditions.iter().map(condition).collect();
            (conditions.join(" "), variant.flow.to_string())
        });
        (shown.collect(), diags.rows().into_iter().map(|(_, _, text)| text).collect())
    }

    #[test]
    fn each_combination_of_conditions_is_a_flow() {
        assert_eq!(variants("a -> b; b -> c").0, []);
        let (all, mistakes) =
            variants("channels(4) #[cfg(unix)] a -> b; #[cfg(not(unix))] a -> c; #[cfg(test)] b -> d");
        let flow = |at: usize| (all[at].0.as_str(), all[at].1.as_str());
        assert_eq!(all.len(), 4);
        assert_eq!(flow(0), ("unix=false test=false", "channels (4) ; a -> c ;"));
        assert_eq!(flow(1), ("unix=true test=false", "channels (4) a -> b ;"));
        assert_eq!(flow(3), ("unix=true test=true", "channels (4) a -> b ; b -> d ;"));
        assert_eq!(mistakes, [""; 0]);
        let (all, _) = variants("#[doc = \"x\"] pub f(A) -> B { a; #[cfg(unix)] a -> b }");
        assert_eq!(all[1].1, "# [doc = \"x\"] pub f (A) -> B { a ; a -> b ; }");
    }

    #[test]
    fn there_are_few_different_conditions() {
        let chain = |at: usize| format!("; #[cfg(feature = \"f{at}\")] a -> b{at}");
        let four: String = (0..4).map(chain).collect();
        assert_eq!(variants(&format!("a{four}{four}")).0.len(), 16);
        let five: String = (0..5).map(chain).collect();
        let (_, mistakes) = variants(&format!("a{five}"));
        assert!(
            mistakes.len() == 1 && mistakes[0].starts_with("the chains of a flow stand under 4 different"),
            "{mistakes:?}"
        );
    }
}
