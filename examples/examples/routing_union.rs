//! Routing by a union: each variant carries a message of its own type, and its arm takes just that.

use penguiflow::BoxError;
use penguiflow::prelude::*;
use std::error::Error as _;
use std::io::Write;

#[message]
struct Web {
    url: String,
}

#[message]
struct Sql {
    table: String,
}

#[message]
enum Lookup {
    Web(Web),
    Sql(Sql),
}

/// Turns a text into the lookup that it asks for. What it cannot read is an error, and no arm at all.
#[router]
fn parse(text: String) -> Result<Lookup, String> {
    match text.split_once(':') {
        Some(("web", url)) => Ok(Lookup::Web(Web { url: url.to_owned() })),
        Some(("sql", table)) => Ok(Lookup::Sql(Sql { table: table.to_owned() })),
        _ => Err(format!("`{text}` is no lookup: write `web:…` or `sql:…`")),
    }
}

#[node]
async fn fetch(web: Web) -> String {
    format!("web::{}", web.url)
}

#[node]
async fn select(sql: Sql) -> String {
    format!("sql::{}", sql.table)
}

flow! {
    /// Does the lookup that a text asks for.
    pub(crate) look_up(String) -> String {
        parse {
            Web -> fetch,
            Sql -> select,
        }
    }
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let app = look_up::flow().start()?;
    for text in ["web:penguins", "sql:metrics", "fax:krill"] {
        match app.call(text.to_owned()).await {
            Ok(found) => writeln!(out, "{found}")?,
            Err(stop) => writeln!(out, "no answer: {}", stop.source().unwrap_or(&stop))?,
        }
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
