//! A server that notes what it is asked and answers as it is told.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// One request. Names of headers are of lower case.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Vec<u8>,
}

/// How it is answered; 0 for never.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: &'static str,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn status(status: u16) -> Self {
        Answer { status, headers: "", body: String::new() }
    }
}

/// Listens as long as the program runs.
pub(super) struct Server {
    pub(super) url: String,
    asked: Mutex<Receiver<Request>>,
}

impl Server {
    /// The number of the request, from 0, is told.
    pub(super) fn start(answer: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port of this machine");
        let url = format!("http://{}", listener.local_addr().expect("a port"));
        let (told, asked) = channel();
        let shared = Arc::new((answer, Mutex::new(0)));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, told) = (shared.clone(), told.clone());
                thread::spawn(move || {
                    let answer = |request: &Request| {
                        let mut number = shared.1.lock().expect("no test panics inside");
                        *number += 1;
                        (shared.0)(*number - 1, request)
                    };
                    serve(&stream, &told, &answer)
                });
            }
        });
        Server { url, asked: Mutex::new(asked) }
    }

    /// The next request; waits for it.
    #[track_caller]
    pub(super) fn next(&self) -> Request {
        let asked = self.asked.lock().expect("no test panics inside");
        asked.recv_timeout(Duration::from_secs(20)).expect("a request comes")
    }

    /// All that came so far.
    pub(super) fn all(&self) -> Vec<Request> {
        self.asked.lock().expect("no test panics inside").try_iter().collect()
    }
}

fn serve(mut stream: &TcpStream, told: &Sender<Request>, answer: &dyn Fn(&Request) -> Answer) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let Answer { status, headers, body } = answer(&request);
        let _ = told.send(request);
        if status == 0 {
            // Until whoever asked has hung up.
            let _ = reader.read(&mut [0]);
            return;
        }
        let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
        if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { method, path, headers, body })
}
