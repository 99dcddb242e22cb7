//! The table: a row for each case, a column for each contender, and beside each peer how many times as long it takes. Measures nothing.

/// A contender's column: its name, and the nanoseconds of each case that it has.
pub struct Column {
    pub name: &'static str,
    pub nanos: Vec<Option<f64>>,
}

/// A Markdown table with even columns; the first column is what the others are compared with.
pub fn table(cases: &[&str], columns: &[Column]) -> String {
    let head = ["case".to_owned()].into_iter();
    let head = head.chain(columns.iter().enumerate().flat_map(|(at, column)| {
        let ratio = (at > 0).then(|| "×".to_owned());
        [Some(column.name.to_owned()), ratio].into_iter().flatten()
    }));
    let mut lines = vec![head.collect::<Vec<_>>()];
    lines.extend(cases.iter().enumerate().map(|(row, case)| line(row, case, columns)));
    let widths: Vec<usize> =
        (0..lines[0].len()).map(|at| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0)).collect();
    let mut text: Vec<String> = lines.iter().map(|line| padded(line, &widths)).collect();
    let rule: Vec<String> = widths
        .iter()
        .enumerate()
        .map(|(at, width)| if at == 0 { "-".repeat(*width) } else { format!("{}:", "-".repeat(width - 1)) })
        .collect();
    text.insert(1, padded(&rule, &widths));
    text.concat()
}

fn line(row: usize, case: &str, columns: &[Column]) -> Vec<String> {
    let ours = columns[0].nanos[row];
    let mut cells = vec![case.to_owned()];
    for (at, column) in columns.iter().enumerate() {
        let nanos = column.nanos[row];
        cells.push(nanos.map_or("—".to_owned(), |nanos| format!("{} ns", number(nanos))));
        if at > 0 {
            let ratio = nanos.zip(ours).map(|(theirs, ours)| number(theirs / ours));
            cells.push(ratio.unwrap_or_else(|| "—".to_owned()));
        }
    }
    cells
}

fn number(value: f64) -> String {
    if value < 9.95 { format!("{value:.1}") } else { format!("{value:.0}") }
}

/// Words to the left, numbers to the right.
fn padded(cells: &[String], widths: &[usize]) -> String {
    let cell = |(at, (cell, width)): (usize, (&String, &usize))| match at {
        0 => format!(" {cell:<width$} |"),
        _ => format!(" {cell:>width$} |"),
    };
    let cells: String = cells.iter().zip(widths).enumerate().map(cell).collect();
    format!("|{cells}\n")
}
