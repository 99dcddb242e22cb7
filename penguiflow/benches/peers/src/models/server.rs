//! A server of one answer, on a thread of its own for each connection, over HTTP/1.1. Must not know what is in it.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// How much of a stream is one chunk of HTTP.
const CHUNK: usize = 16 * 1024;

/// Serves as long as the program runs.
pub struct Server {
    address: SocketAddr,
}

impl Server {
    /// An answer in one piece.
    pub fn whole(body: &str) -> Server {
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        Server::of([head.as_bytes(), body.as_bytes()].concat())
    }

    /// A stream of events.
    pub fn streamed(body: &str) -> Server {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        let mut reply = head.as_bytes().to_vec();
        for piece in body.as_bytes().chunks(CHUNK) {
            reply.extend(format!("{:x}\r\n", piece.len()).bytes());
            reply.extend(piece);
            reply.extend(b"\r\n");
        }
        reply.extend(b"0\r\n\r\n");
        Server::of(reply)
    }

    fn of(reply: Vec<u8>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
        let address = listener.local_addr().expect("it is bound");
        let reply: Arc<[u8]> = reply.into();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let reply = reply.clone();
                // Whoever has read enough hangs up.
                thread::spawn(move || drop(answer(&connection, &reply)));
            }
        });
        Server { address }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Answers each request of a connection.
fn answer(connection: &TcpStream, reply: &[u8]) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::new(connection), connection);
    let (mut line, mut body) = (String::new(), Vec::new());
    loop {
        let mut length = 0;
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        body.resize(length, 0);
        reader.read_exact(&mut body)?;
        writer.write_all(reply)?;
    }
}
