//! `budget { hops: 64, tokens: 40_000, usd: 0.50, deadline: "30s", prove }`: what one run of the flow may spend, and whether
//! its deadline is proved.

use crate::args::{money, near};
use crate::flow::cursor::Cursor;
use crate::flow::parse::word::{Stands, Word};
use crate::flow::parse::{Parsed, Parser, duration};
use crate::flow::syntax::{Budget, Setting, Step};
use proc_macro2::{Delimiter, Group, Ident, Literal, TokenTree};

pub(super) const WORD: Word = Word { name: "budget", stands: Stands::AsSetting, usage: "budget { hops: 64 }", read };

/// A limit: its name, and how it is written.
struct Field {
    name: &'static str,
    usage: &'static str,
    /// What a value is, where it is something else.
    is: &'static str,
    read: fn(&mut Budget, &Literal) -> Result<(), Wrong>,
}

/// Why a literal is no value of its limit.
enum Wrong {
    /// It is something else than the limit's values are.
    Kind,
    /// It says so in its own words.
    Told(String),
}

const FIELDS: [Field; 4] = [
    Field { name: "hops", usage: "hops: 64", is: "a whole number of 1 or more that is written out", read: hops },
    Field { name: "tokens", usage: "tokens: 40_000", is: "a whole number that is written out", read: tokens },
    Field { name: "usd", usage: "usd: 0.50", is: "an amount of dollars that is written out", read: usd },
    Field { name: "deadline", usage: "deadline: \"30s\"", is: "a duration in quotes", read: deadline },
];

/// The word that asks for a proof of the deadline.
const PROVE: &str = "prove";

/// What others call it.
const PROOFS: [&str; 5] = ["proof", "proved", "proven", "verify", "check"];

/// What others call a limit.
const OTHERWISE: [(&[&str], &str); 4] = [
    (&["max_hops", "hop_limit", "steps", "max_steps", "nodes"], "hops"),
    (&["max_tokens", "token_limit"], "tokens"),
    (&["cost", "max_cost", "money", "dollars", "price", "max_usd"], "usd"),
    (&["time", "time_limit", "max_time", "duration", "deadline_s", "deadline_ms"], "deadline"),
];

/// What is limited, and not by a budget.
const ELSEWHERE: [(&str, &str); 5] = [
    ("turns", "turns are counted by each loop: write `repeat(turns = 8) { … }`"),
    ("timeout", "`timeout` is about one attempt of a node: a flow's time is limited by `deadline: \"30s\"`"),
    ("retries", "`retries` are a node's own: write `#[node(retries = 3)]`"),
    ("eur", "money is counted in US dollars: write `usd: 0.50`"),
    ("cents", "money is counted in dollars: write `usd: 0.50`"),
];

fn read(parser: &mut Parser<'_>, word: Ident, cursor: &mut Cursor) -> Parsed {
    let told = parser.diags.count();
    let budget = match limits(parser, &word, cursor) {
        Some(group) => fields(parser, &group),
        None => Budget::default(),
    };
    // What is wrong in itself is told once, also where it stands twice.
    if told == parser.diags.count() {
        parser.set(&word, Setting::Budget(budget));
    }
    Parsed::Step(Step::Lost(word.span()))
}

/// The braces behind the word.
fn limits(parser: &mut Parser<'_>, word: &Ident, cursor: &mut Cursor) -> Option<Group> {
    let sign = cursor.punct(':').or_else(|| cursor.punct('='));
    if let Some(group) = cursor.group(Delimiter::Brace) {
        match sign {
            Some(sign) => {
                let text = format!("braces follow `budget` at once: leave `{}` out, `{}`", sign.as_char(), WORD.usage);
                parser.diags.error(sign.span(), text);
            }
            None if group.stream().is_empty() => {
                let text = format!("this budget limits nothing: write `{}`, or leave it out", WORD.usage);
                parser.diags.error_on(&group, text);
            }
            None => return Some(group),
        }
        return None;
    }
    match cursor.group(Delimiter::Parenthesis).or_else(|| cursor.group(Delimiter::Bracket)) {
        Some(group) => {
            let text = format!("the limits of a budget stand in braces: write `{}`", WORD.usage);
            parser.diags.error_on(&group, text);
        }
        None => {
            parser.diags.error(word.span(), format!("`budget` needs its limits: write `{}`", WORD.usage));
            if let Some(TokenTree::Literal(_)) = cursor.peek() {
                cursor.bump();
            }
        }
    }
    None
}

fn fields(parser: &mut Parser<'_>, group: &Group) -> Budget {
    let (mut budget, mut seen, told) = (Budget::default(), Vec::new(), parser.diags.count());
    for piece in Cursor::inside(group).split(',') {
        field(parser, piece.cursor, &mut budget, &mut seen);
    }
    if let Some(prove) = budget.prove
        && !seen.contains(&"deadline")
        && told == parser.diags.count()
    {
        parser.diags.error(prove, "`prove` proves the deadline, and there is none: write `deadline: \"30s\", prove`");
    }
    budget
}

/// Reads one limit.
fn field(parser: &mut Parser<'_>, mut cursor: Cursor, budget: &mut Budget, seen: &mut Vec<&'static str>) {
    let at = cursor.span();
    if cursor.at_end() {
        parser.diags.error(at, "a limit is missing before this `,`");
        return;
    }
    let Some(name) = cursor.ident() else {
        parser.diags.error(at, "a limit is a name and its value: write `hops: 64`");
        return;
    };
    if name == PROVE {
        return prove(parser, &name, &cursor, budget);
    }
    let Some(field) = FIELDS.iter().find(|field| name == field.name) else {
        parser.diags.error(at, no_limit(&name.to_string()));
        return;
    };
    if seen.contains(&field.name) {
        parser.diags.error(at, format!("`{name}` is given twice: keep one"));
        return;
    }
    seen.push(field.name);
    let behind = cursor.span();
    if cursor.punct(':').is_none() && !cursor.at_end() {
        parser.diags.error(behind, format!("the value of a limit stands behind `:`: write `{}`", field.usage));
        return;
    }
    if cursor.at_end() {
        parser.diags.error(at, format!("`{name}` needs a value: write `{}`", field.usage));
        return;
    }
    if let Err((at, text)) = value(cursor, field, budget) {
        parser.diags.error(at, text);
    }
}

/// Reads what stands behind `prove`: nothing.
fn prove(parser: &mut Parser<'_>, word: &Ident, behind: &Cursor, budget: &mut Budget) {
    match behind.peek() {
        None if budget.prove.is_some() => parser.diags.error(word.span(), "`prove` is given twice: keep one"),
        Some(TokenTree::Ident(name)) if FIELDS.iter().any(|field| name == field.name) => {
            parser.diags.error(behind.span(), format!("`,` is missing before `{name}`"));
        }
        Some(_) => {
            parser.diags.error(behind.span(), "`prove` stands alone: write `deadline: \"30s\", prove`");
        }
        None => {}
    }
    budget.prove = Some(word.span());
}

/// Reads the value of `field`, to the end of `cursor`.
fn value(mut cursor: Cursor, field: &Field, budget: &mut Budget) -> Result<(), (proc_macro2::Span, String)> {
    let at = cursor.span();
    let kind = || format!("`{}` is {}: `{}`", field.name, field.is, field.usage);
    let Some(TokenTree::Literal(literal)) = cursor.bump() else { return Err((at, kind())) };
    if let Some(next) = cursor.peek() {
        let text = match next {
            TokenTree::Punct(sign) if sign.as_char() == ';' => "limits are separated by `,`".to_owned(),
            TokenTree::Ident(name) if name == PROVE || FIELDS.iter().any(|field| name == field.name) => {
                format!("`,` is missing before `{name}`")
            }
            _ => kind(),
        };
        return Err((cursor.span(), text));
    }
    (field.read)(budget, &literal).map_err(|wrong| match wrong {
        Wrong::Kind => (at, kind()),
        Wrong::Told(text) => (at, text),
    })
}

fn no_limit(name: &str) -> String {
    if let Some((_, text)) = ELSEWHERE.iter().find(|(other, _)| *other == name) {
        return format!("a budget has no `{name}`: {text}");
    }
    if PROOFS.contains(&name) || near::nearest(name, [PROVE]).is_some() {
        return format!("a budget has no `{name}`: write `{PROVE}`");
    }
    let known = OTHERWISE.iter().find(|(others, _)| others.contains(&name)).map(|(_, limit)| *limit);
    let near = known.or_else(|| near::nearest(name, FIELDS.iter().map(|field| field.name)));
    match FIELDS.iter().find(|field| Some(field.name) == near) {
        Some(field) => format!("a budget has no `{name}`: write `{}`", field.usage),
        None => format!("a budget has no `{name}`: it limits `hops`, `tokens`, `usd` and `deadline`"),
    }
}

fn hops(budget: &mut Budget, literal: &Literal) -> Result<(), Wrong> {
    match whole("hops", literal)? {
        0 => Err(Wrong::Told("a budget of 0 hops lets no node run: `hops` is 1 or more".to_owned())),
        hops => {
            budget.hops = Some(hops);
            Ok(())
        }
    }
}

fn tokens(budget: &mut Budget, literal: &Literal) -> Result<(), Wrong> {
    budget.tokens = Some(whole("tokens", literal)?);
    Ok(())
}

fn whole(name: &str, literal: &Literal) -> Result<u64, Wrong> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Int(number) if number.suffix().is_empty() => {
            number.base10_parse().map_err(|_| Wrong::Told(format!("`{name}` is at most {}", u64::MAX)))
        }
        _ => Err(Wrong::Kind),
    }
}

fn usd(budget: &mut Budget, literal: &Literal) -> Result<(), Wrong> {
    match syn::Lit::new(literal.clone()) {
        // The user's own digits: a float would have rounded them.
        syn::Lit::Int(_) | syn::Lit::Float(_) => {
            budget.picos = Some(money::parse(&literal.to_string()).map_err(Wrong::Told)?);
            Ok(())
        }
        syn::Lit::Str(_) => Err(Wrong::Told("an amount of dollars has no quotes: write `usd: 0.50`".to_owned())),
        _ => Err(Wrong::Kind),
    }
}

fn deadline(budget: &mut Budget, literal: &Literal) -> Result<(), Wrong> {
    let otherwise = "`deadline` is a duration in quotes: `deadline: \"30s\"`";
    let written = TokenTree::from(literal.clone()).into();
    budget.deadline = Some(duration::read(written, "s", otherwise).map_err(Wrong::Told)?);
    Ok(())
}
