//! A server on this machine that does to each visitor what a test says. Must not know what is asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
use tokio::sync::Notify;

const PATIENCE: Duration = Duration::from_secs(20);

/// Listens as long as the program runs.
pub(super) struct Server {
    pub(super) url: String,
    asked: Mutex<Receiver<String>>,
    go_on: Sender<()>,
    visits: Arc<AtomicUsize>,
    left: Arc<Notify>,
}

/// One connection.
pub(super) struct Visit {
    stream: BufReader<TcpStream>,
    told: Sender<String>,
    go_on: Arc<Mutex<Receiver<()>>>,
}

impl Server {
    pub(super) fn start(serve: impl Fn(&mut Visit) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port of this machine");
        let url = format!("http://{}", listener.local_addr().expect("a port"));
        let ((told, asked), (go_on, gone_on)) = (channel(), channel());
        let (visits, left) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let (counted, leaving, gone_on) = (visits.clone(), left.clone(), Arc::new(Mutex::new(gone_on)));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counted.fetch_add(1, SeqCst);
                serve(&mut Visit { stream: BufReader::new(stream), told: told.clone(), go_on: gone_on.clone() });
                leaving.notify_one();
            }
        });
        Server { url, asked: Mutex::new(asked), go_on, visits, left }
    }

    /// The next request; waits for it.
    pub(super) fn next(&self) -> String {
        self.asked.lock().expect("no test panics inside").recv_timeout(PATIENCE).expect("a request comes")
    }

    /// All that came so far.
    pub(super) fn all(&self) -> Vec<String> {
        self.asked.lock().expect("no test panics inside").try_iter().collect()
    }

    pub(super) fn visits(&self) -> usize {
        self.visits.load(SeqCst)
    }

    /// Lets a visit go on that waits.
    pub(super) fn go_on(&self) {
        self.go_on.send(()).expect("the server runs");
    }

    /// Waits until a visit is over.
    pub(super) async fn left(&self) {
        tokio::time::timeout(PATIENCE, self.left.notified()).await.expect("the visit ends");
    }
}

impl Visit {
    /// Reads a request; says whether there was one.
    pub(super) fn read(&mut self) -> bool {
        let (mut request, mut length) = (String::new(), 0);
        loop {
            let begun = request.len();
            // What is no text is no request.
            if self.stream.read_line(&mut request).unwrap_or(0) == 0 {
                return false;
            }
            let line = request[begun..].to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("is a number");
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("the body comes");
        request.push_str(&String::from_utf8(body).expect("is UTF-8"));
        let _ = self.told.send(request);
        true
    }

    /// Reads the first record of a visitor who would speak TLS.
    pub(super) fn read_record(&mut self) {
        let mut head = [0; 5];
        self.stream.read_exact(&mut head).expect("a record comes");
        let mut record = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
        self.stream.read_exact(&mut record).expect("the record comes");
    }

    pub(super) fn raw(&mut self, text: &str) {
        // Whoever is gone hears nothing.
        let _ = self.stream.get_mut().write_all(text.as_bytes());
    }

    pub(super) fn whole(&mut self, status: u16, body: &str) {
        self.raw(&format!("HTTP/1.1 {status} OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()));
    }

    pub(super) fn head(&mut self, status: u16, content_type: &str) {
        self.raw(&format!(
            "HTTP/1.1 {status} OK\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked\r\n\r\n"
        ));
    }

    /// An empty one is the end.
    pub(super) fn chunk(&mut self, text: &str) {
        self.raw(&format!("{:x}\r\n{text}\r\n", text.len()));
    }

    /// Waits until the test says so.
    pub(super) fn wait(&self) {
        self.go_on.lock().expect("no test panics inside").recv_timeout(PATIENCE).expect("the test goes on");
    }
}
