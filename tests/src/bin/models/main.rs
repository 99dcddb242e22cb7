//! Asks models of other makes, and checks what they make of it: `tests/peers/suites/models.sh` says which and how. A check that does
//! not hold ends it with words.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program, whose output is its purpose")]

mod aimock;
mod chaos;
mod llama;
mod oracle;

use std::error::Error;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Why a check does not hold.
type Fault = Box<dyn Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["oracle", format, url, conversations] => oracle::hold(format, url, conversations).await,
        ["aimock", url] => aimock::check(url).await,
        ["chaos", kind, url] => chaos::check(kind, url).await,
        ["llama", url, generations] => llama::check(url, generations.parse()?).await,
        _ => Err("usage: models oracle FORMAT URL FILE | aimock URL | chaos KIND URL | llama URL GENERATIONS".into()),
    }
}

/// Ends the program with these words unless it holds.
fn must(holds: bool, words: impl FnOnce() -> String) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(words().into()) }
}

/// What a server on this machine answers at a path.
async fn get(host: &str, path: &str) -> Result<String, Fault> {
    let mut connection = TcpStream::connect(host).await?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n");
    connection.write_all(request.as_bytes()).await?;
    let mut reply = String::new();
    connection.read_to_string(&mut reply).await?;
    let (_, body) = reply.split_once("\r\n\r\n").ok_or("the reply has no body")?;
    Ok(body.to_owned())
}
