//! A Markdown table with even columns. Knows no figures.

use std::fmt::Write as _;

/// Cells below their heads, with even columns; those of words stand to the left.
pub fn grid<const N: usize>(head: [&str; N], rows: &[[String; N]], is_words: fn(usize) -> bool) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].as_str()).chain([head[column]]);
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = line(&head.map(str::to_owned), &widths, is_words);
    text.push_str(&rule(&widths, is_words));
    rows.iter().for_each(|row| text.push_str(&line(row, &widths, is_words)));
    text
}

fn line(cells: &[String], widths: &[usize], is_words: fn(usize) -> bool) -> String {
    let mut text = String::from("|");
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        // Writing to a `String` cannot fail.
        let _ = if is_words(column) { write!(text, " {cell:<width$} |") } else { write!(text, " {cell:>width$} |") };
    }
    text.push('\n');
    text
}

fn rule(widths: &[usize], is_words: fn(usize) -> bool) -> String {
    let cell = |(column, width): (usize, &usize)| match is_words(column) {
        true => format!(" {} |", "-".repeat(*width)),
        false => format!(" {}: |", "-".repeat(width - 1)),
    };
    let cells: String = widths.iter().enumerate().map(cell).collect();
    format!("|{cells}\n")
}
