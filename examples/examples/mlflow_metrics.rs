//! MLflow: each run of a flow is noted in a run of an experiment, with its parameters, tags and figures, and the spans of its
//! traces beside it. `MLFLOW_TRACKING_URI=http://127.0.0.1:5000 cargo run --example mlflow_metrics` tells a real server; without
//! the variable a stand-in inside this program is told.

use penguiflow::clock::secs;
use penguiflow::prelude::*;
use penguiflow::{BoxError, Mlflow};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

#[node(retries = 2, backoff = "5ms")]
async fn fetch(page: String, ctx: &Ctx) -> Result<String, io::Error> {
    if ctx.attempt() == 1 {
        return Err(io::ErrorKind::ConnectionReset.into());
    }
    Ok(format!("{page}: penguins huddle to stay warm"))
}

#[node]
async fn summarize(text: String) -> String {
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

flow! {
    /// Summarizes a page.
    pub(crate) reading(String) -> String { fetch -> summarize }
}

/// Tells the server at `url`.
async fn tell(url: &str, out: &mut impl Write) -> Result<(), BoxError> {
    let mlflow = Mlflow::new(url, "penguiflow-examples").with_name("reading").with_param("model", "emperor-1");
    let mlflow = mlflow.with_tag("team", "south");
    let (telemetry, traced) = mlflow.traces().await?.with_service("reading").scoped()?;
    let run = mlflow.start()?;
    let app = reading::flow().start()?;
    let observation = app.observe(run.observer());
    for page in ["huddles", "krill"] {
        writeln!(out, "{}", app.call(page.to_owned()).await?)?;
    }
    run.log("pages", 2.0);
    observation.flush(secs(5));
    let report = run.finish(secs(10)).await?;
    let spans = telemetry.shutdown(secs(10)).await;
    drop(traced);
    writeln!(out, "run {}: {} figures, {} spans", report.run_id.unwrap_or_default(), report.sent, spans.sent)?;
    Ok(())
}

/// As much of a server as the example needs: it answers each request, and keeps nothing.
fn stand_in() -> Result<String, io::Error> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer(&stream));
        }
    });
    Ok(url)
}

fn answer(mut stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut asked, mut length) = (String::new(), 0);
        if reader.read_line(&mut asked)? == 0 {
            return Ok(());
        }
        loop {
            let mut header = String::new();
            reader.read_line(&mut header)?;
            match header.trim_end().to_lowercase().split_once(": ") {
                Some(("content-length", value)) => length = value.parse().unwrap_or(0),
                Some(_) => {}
                None => break,
            }
        }
        io::copy(&mut (&mut reader).take(length), &mut io::sink())?;
        let body = match asked.as_str() {
            get if get.contains("get-by-name") => r#"{"experiment":{"experiment_id":"1"}}"#,
            create if create.contains("runs/create") => r#"{"run":{"info":{"run_id":"stand-in-1"}}}"#,
            _ => "",
        };
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())?;
    }
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    tell(&stand_in()?, out).await
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    match std::env::var("MLFLOW_TRACKING_URI") {
        Ok(url) => tell(&url, &mut io::stdout()).await,
        Err(_) => run(&mut io::stdout()).await,
    }
}
