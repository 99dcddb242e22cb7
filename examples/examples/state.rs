//! State: what nodes share, such as a client, an index or a counter. A node says what it borrows; a flow that is started
//! without it does not compile.

use penguiflow::BoxError;
use penguiflow::prelude::*;
use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

pub(crate) struct Index(pub(crate) HashMap<&'static str, Vec<&'static str>>);

#[derive(Default)]
pub(crate) struct Lookups(AtomicUsize);

/// Lends each field to the nodes that ask for its type.
#[derive(Provides)]
pub(crate) struct App {
    pub(crate) index: Index,
    pub(crate) lookups: Arc<Lookups>,
}

/// Borrows one part of the state, and the next node another one.
#[node]
async fn search(word: String, State(index): State<'_, Index>) -> Vec<String> {
    index.0.get(word.as_str()).into_iter().flatten().map(ToString::to_string).collect()
}

#[node]
fn count(found: Vec<String>, State(lookups): State<'_, Arc<Lookups>>) -> String {
    let number = lookups.0.fetch_add(1, Relaxed) + 1;
    format!("lookup {number}: {}", found.join(", "))
}

flow! { pub(crate) look_up(String) -> String { search -> count } }

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let index = Index(HashMap::from([("krill", vec!["antarctic", "northern"]), ("penguin", vec!["emperor"])]));
    // Kept outside as well: the state itself moves into the flow.
    let lookups = Arc::new(Lookups::default());
    let app = look_up::flow().with_state(App { index, lookups: lookups.clone() }).start()?;
    for word in ["krill", "penguin"] {
        writeln!(out, "{}", app.call(word.to_owned()).await?)?;
    }
    writeln!(out, "{} lookups in all", lookups.0.load(Relaxed))?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
