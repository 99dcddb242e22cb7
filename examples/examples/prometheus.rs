//! Prometheus: what a flow does, as text that a server of yours gives to whoever scrapes it. Without an argument the program
//! scrapes itself once; with an address it serves `/metrics` there, and works, until Ctrl-C.
//!
//! ```text
//! cargo run --example prometheus
//! cargo run --example prometheus -- 127.0.0.1:9464
//! ```

use penguiflow::clock::{Seam, millis};
use penguiflow::prelude::*;
use penguiflow::{BoxError, Live, Prometheus};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Does not answer a question about krill when it is asked first.
#[node(retries = 2, backoff = "5ms")]
async fn search(question: String, ctx: &Ctx) -> Result<String, io::Error> {
    Seam::system().sleep(millis(20)).await;
    if ctx.attempt() == 1 && question == "krill" {
        return Err(io::ErrorKind::ConnectionReset.into());
    }
    Ok(format!("docs on {question}"))
}

#[node]
fn answer(docs: String) -> String {
    docs
}

flow! {
    /// Answers a question.
    pub(crate) answering(String) -> String { queue(16) -> search -> answer }
}

const QUESTIONS: [&str; 3] = ["krill", "huddles", "ice"];

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let app = answering::flow().start()?;
    let metrics = Prometheus::new().with_flow(&Live::of(&app));
    for question in QUESTIONS {
        app.call(question.to_owned()).await?;
    }
    let address = serve("127.0.0.1:0", metrics)?;
    let text = scrape(address)?;
    let told = ["traces_total{", "node_attempts_total{", "node_retries_total{", "_count{"];
    for line in text.lines().filter(|line| told.iter().any(|name| line.contains(name)) && !line.ends_with(" 0")) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Answers every request with how everything looks now, on a thread of its own; gives where.
fn serve(address: &str, metrics: Prometheus) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(address)?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A scraper that goes away is no reason to end.
            let _ = give(&stream, &metrics);
        }
    });
    Ok(address)
}

fn give(mut stream: &TcpStream, metrics: &Prometheus) -> io::Result<()> {
    stream.set_read_timeout(Some(millis(5_000)))?;
    let mut lines = BufReader::new(stream.take(8_192)).lines();
    let asked = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let (status, body) = match asked.starts_with("GET /metrics ") {
        true => ("200 OK", metrics.render()),
        false => ("404 Not Found", String::new()),
    };
    let (kind, length) = (Prometheus::CONTENT_TYPE, body.len());
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close");
    write!(stream, "{head}\r\n\r\n{body}")
}

fn scrape(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET /metrics HTTP/1.1\r\nhost: {address}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// Serves at `address`, asks all questions twice, and stays there.
async fn stay(address: &str) -> Result<(), BoxError> {
    let app = answering::flow().start()?;
    let address = serve(address, Prometheus::new().with_flow(&Live::of(&app)))?;
    for question in QUESTIONS.into_iter().chain(QUESTIONS) {
        app.call(question.to_owned()).await?;
    }
    writeln!(io::stdout(), "serving http://{address}/metrics")?;
    tokio::signal::ctrl_c().await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    match std::env::args().nth(1) {
        Some(address) => stay(&address).await,
        None => run(&mut io::stdout()).await,
    }
}
