//! Writes a picture as DOT. Decides nothing about what is shown.

use crate::graph::draw::Direction;
use crate::graph::draw::look::{Form, INK};
use crate::graph::draw::picture::{Arrow, Item, Picture, Shape, Style};
use std::fmt::Write as _;

/// The text of `picture`.
pub(super) fn text(picture: &Picture, direction: Direction) -> String {
    let direction = match direction {
        Direction::Down => "TB",
        Direction::Up => "BT",
        Direction::Right => "LR",
        Direction::Left => "RL",
    };
    let mut page = Page { text: String::new(), depth: 0 };
    page.line(format_args!("digraph {} {{", quoted(&picture.name)));
    page.depth = 1;
    page.line(format_args!("rankdir={direction}"));
    page.line(format_args!("graph [fontname=\"sans-serif\", style=rounded, color=\"#94a3b8\"]"));
    page.line(format_args!(
        "node [fontname=\"sans-serif\", fontcolor=\"{INK}\", shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\"]"
    ));
    page.line(format_args!("edge [fontname=\"sans-serif\", fontsize=11]"));
    page.cluster("flow", &picture.title, &picture.inside);
    picture.ends.iter().for_each(|end| page.shape(end));
    picture.arrows.iter().for_each(|arrow| page.arrow(arrow));
    page.depth = 0;
    page.line(format_args!("}}"));
    page.text
}

struct Page {
    text: String,
    depth: usize,
}

impl Page {
    /// A box. Graphviz draws one around a subgraph whose name begins with `cluster`.
    fn cluster(&mut self, name: &str, title: &[String], inside: &[Item]) {
        self.line(format_args!("subgraph cluster_{name} {{"));
        self.depth += 1;
        self.line(format_args!("label={}", label(title)));
        for item in inside {
            match item {
                Item::Shape(shape) => self.shape(shape),
                Item::Loop { place, title, inside } => self.cluster(&format!("loop{place}"), title, inside),
            }
        }
        self.depth -= 1;
        self.line(format_args!("}}"));
    }

    fn shape(&mut self, shape: &Shape) {
        let form = match shape.form {
            Form::Node | Form::Loop => "",
            Form::Endpoint => ", shape=oval, style=filled",
            Form::Flow => ", peripheries=2",
            Form::Router => ", shape=diamond, style=filled",
            Form::Map => ", shape=parallelogram, style=filled",
            Form::Gather => ", shape=hexagon, style=filled",
            Form::Drop => ", shape=circle, style=filled",
        };
        let color = shape.class.map_or_else(String::new, |class| {
            format!(", class={}, fillcolor=\"{}\", color=\"{}\"", class.name, class.fill, class.line)
        });
        self.line(format_args!("n{} [label={}{form}{color}]", shape.step, label(&shape.lines)));
    }

    fn arrow(&mut self, arrow: &Arrow) {
        let style = match arrow.style {
            Style::Plain => None,
            // It goes up: steps stand in the order of the source.
            Style::Back => Some("constraint=false"),
            Style::Parallel => Some("style=bold"),
            Style::Aside => Some("style=dashed"),
        };
        let text = (!arrow.lines.is_empty()).then(|| format!("label={}", label(&arrow.lines)));
        let told: Vec<&str> = text.as_deref().into_iter().chain(style).collect();
        let told = if told.is_empty() { String::new() } else { format!(" [{}]", told.join(", ")) };
        self.line(format_args!("n{} -> n{}{told}", arrow.from, arrow.to));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(self.text, "{:indent$}{line}", "", indent = 4 * self.depth);
    }
}

fn label(lines: &[String]) -> String {
    quoted(&lines.join("\n"))
}

/// A text between quotes, which end it unless a backslash stands before them. A label has escapes of its own behind a backslash,
/// and reads `&lt;` as HTML does.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for sign in text.chars() {
        match sign {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '&' => quoted.push_str("&amp;"),
            '\n' => quoted.push_str("\\n"),
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}
