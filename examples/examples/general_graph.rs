//! Chains that do not nest: a graph of any shape. `cut` feeds two steps that later meet others, and the arms of a router lead
//! into chains of their own and meet again. Each node runs once, as soon as what it needs is there.

use penguiflow::BoxError;
use penguiflow::prelude::*;
use std::io::Write;

#[node]
fn fetch(url: String) -> String {
    format!("{url}: krill is small. penguins eat krill.")
}

#[node]
fn cut(page: String) -> Vec<String> {
    page.split_inclusive(' ').map(|word| word.trim().to_owned()).collect()
}

#[node]
fn links(page: String) -> usize {
    page.matches("://").count()
}

#[node]
fn longest(words: Vec<String>) -> String {
    words.into_iter().skip(1).max_by_key(String::len).unwrap_or_default()
}

#[node]
fn score((words, links): (Vec<String>, usize)) -> usize {
    words.len() + 10 * links
}

#[node]
fn report((longest, score): (String, usize)) -> String {
    format!("{longest} {score}")
}

flow! {
    /// No nesting of forks has this shape: `cut` is read by `longest` and, with `links`, by `score`.
    pub(crate) read(String) -> String {
        fetch -> (cut, links);
        cut -> longest;
        (cut, links) -> join -> score;
        (longest, score) -> join -> report
    }
}

#[message]
enum Size {
    Short(String),
    Long(String),
    Empty,
}

#[router]
fn size(text: String) -> Size {
    match text.len() {
        0 => Size::Empty,
        1..=12 => Size::Short(text),
        _ => Size::Long(text),
    }
}

#[node]
fn shorten(text: String) -> String {
    text.chars().take(9).collect::<String>() + "..."
}

#[node]
fn quote(text: String) -> String {
    format!("`{text}`")
}

#[node]
fn check(text: String) -> String {
    text + ", checked"
}

flow! {
    /// What leaves different arms may meet: a message takes only one of them, so no join is needed.
    pub(crate) tell(String) -> String {
        size { Short -> quote, Long -> shorten, Empty -> drop };
        shorten -> check -> publish;
        quote -> publish
    }
}

#[node]
fn publish(text: String) -> String {
    format!("published {text}")
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let read = read::flow().start()?;
    writeln!(out, "{}", read.call("https://ice".to_owned()).await?)?;
    let tell = tell::flow().start()?;
    for text in ["krill", "antarctic krill", ""] {
        match tell.call(text.to_owned()).await {
            Ok(told) => writeln!(out, "{told}")?,
            Err(stop) => writeln!(out, "{stop}")?,
        }
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
