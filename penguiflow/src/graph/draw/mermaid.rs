//! Writes a picture as a Mermaid flowchart. Decides nothing about what is shown.

use crate::graph::draw::Direction;
use crate::graph::draw::look::{CLASSES, Form, INK};
use crate::graph::draw::picture::{Arrow, Item, Picture, Shape, Style};
use std::fmt::Write as _;

/// The text of `picture`.
pub(super) fn text(picture: &Picture, direction: Direction) -> String {
    let direction = match direction {
        Direction::Down => "TD",
        Direction::Up => "BT",
        Direction::Right => "LR",
        Direction::Left => "RL",
    };
    let mut page = Page { text: format!("flowchart {direction}\n"), depth: 1 };
    page.line(format_args!("subgraph flow[\"{}\"]", label(&picture.title)));
    page.inside(&picture.inside);
    page.line(format_args!("end"));
    picture.ends.iter().for_each(|end| page.shape(end));
    picture.arrows.iter().for_each(|arrow| page.arrow(arrow));
    page.classes(&picture.shapes());
    page.text
}

struct Page {
    text: String,
    depth: usize,
}

impl Page {
    fn inside(&mut self, items: &[Item]) {
        self.depth += 1;
        for item in items {
            match item {
                Item::Shape(shape) => self.shape(shape),
                Item::Loop { place, title, inside } => {
                    self.line(format_args!("subgraph loop{place}[\"{}\"]", label(title)));
                    self.inside(inside);
                    self.line(format_args!("end"));
                }
            }
        }
        self.depth -= 1;
    }

    fn shape(&mut self, shape: &Shape) {
        let (open, close) = match shape.form {
            Form::Endpoint => ("([", "])"),
            Form::Node | Form::Loop => ("[", "]"),
            Form::Flow => ("[[", "]]"),
            Form::Router => ("{", "}"),
            Form::Map => ("[/", "/]"),
            Form::Gather => ("{{", "}}"),
            Form::Drop => ("((", "))"),
        };
        self.line(format_args!("n{}{open}\"{}\"{close}", shape.step, label(&shape.lines)));
    }

    fn arrow(&mut self, arrow: &Arrow) {
        let line = match arrow.style {
            Style::Plain | Style::Back => "-->",
            Style::Parallel => "==>",
            Style::Aside => "-.->",
        };
        let label = if arrow.lines.is_empty() { String::new() } else { format!("|\"{}\"|", label(&arrow.lines)) };
        self.line(format_args!("n{} {line}{label} n{}", arrow.from, arrow.to));
    }

    /// The classes that are used, each with its steps.
    fn classes(&mut self, shapes: &[&Shape]) {
        for class in CLASSES {
            let of_class = shapes.iter().filter(|shape| shape.class == Some(*class));
            let steps: Vec<String> = of_class.map(|shape| format!("n{}", shape.step)).collect();
            if !steps.is_empty() {
                self.line(format_args!(
                    "classDef {} fill:{},stroke:{},color:{INK}",
                    class.name, class.fill, class.line
                ));
                self.line(format_args!("class {} {}", steps.join(","), class.name));
            }
        }
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(self.text, "{:indent$}{line}", "", indent = 4 * self.depth);
    }
}

fn label(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
    lines.join("<br/>")
}

/// Signs of ASCII that mean nothing to Mermaid between quotes. What is not listed may: `"` ends the text, `#` begins a number
/// as written below, `&` and `<` are HTML, `%` a comment or a directive, `*` and a backtick Markdown, and `;` a line's end to
/// some readers.
const PLAIN: &str = " ()[]{}.,='/|+-!?@:_";

/// A blank without width, by its number. Between two signs it keeps them from meaning something together: some versions read
/// the labels of shapes as Markdown once they have put signs in the place of their numbers.
const APART: &str = "#65279;";

/// The line with each sign that means something by its number, or apart from the others.
fn escape(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    if is_block(line) {
        escaped.push_str(APART);
    }
    // Mermaid cuts the last sign off what looks like `style n1 fill:#fff;` to it, wherever that stands.
    let looks_like_style = line.contains("style") || line.contains("classDef");
    let mut before = None;
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        let apart = match sign {
            '*' | '\\' | '$' => true,
            // Between letters it emphasises nothing.
            '_' => !(is_letter(before) && is_letter(signs.peek().copied())),
            _ => false,
        };
        let is_plain = match sign {
            ':' => !looks_like_style,
            '_' => !apart,
            sign => !sign.is_ascii() || sign.is_ascii_alphanumeric() || PLAIN.contains(sign),
        };
        let around = if apart { APART } else { "" };
        let _ = match (is_plain, named(sign)) {
            (true, _) => write!(escaped, "{around}{sign}{around}"),
            (false, Some(name)) => write!(escaped, "{around}#{name};{around}"),
            (false, None) => write!(escaped, "{around}#{};{around}", u32::from(sign)),
        };
        before = Some(sign);
    }
    escaped
}

/// Whether Markdown reads a line that begins so as a list, a title, a quote or code.
fn is_block(line: &str) -> bool {
    let behind_digits = line.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let is_item = behind_digits.len() < line.len() && behind_digits.starts_with(['.', ')']);
    is_item || line.starts_with(['-', '+', '#', '>', '=', '~', '`'])
}

fn is_letter(sign: Option<char>) -> bool {
    sign.is_some_and(char::is_alphanumeric)
}

/// The name that a sign has in HTML, for those that stand in many types.
fn named(sign: char) -> Option<&'static str> {
    match sign {
        '"' => Some("quot"),
        '<' => Some("lt"),
        '>' => Some("gt"),
        '&' => Some("amp"),
        _ => None,
    }
}
