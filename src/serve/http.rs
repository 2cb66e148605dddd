//! The preview's server: `tiny_http` behind the gate, and the streams of events.
//!
//! What to answer is decided by [`super::respond`], from the newest snapshot; here it is only sent. Every admitted
//! request has a thread of its own, and [`super::gate`] bounds how many there are, so that a stalled client costs
//! one thread and never another client's answer.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, anyhow};

use crate::files::Bytes;
use crate::mcp::Posted;

pub(crate) use look::look;

use super::gate;
use super::guard::Guard;
use super::respond::{Answer, Request, Response, respond};
use super::snapshot::{Publication, Update};

mod look;

/// How many browsers may wait for events at once; well below the gate's bound, so that pages are still answered.
pub(crate) const OPEN_STREAMS: usize = 128;

/// How often a silent stream is written to, which is when a browser that went away is noticed.
const PING: Duration = Duration::from_secs(5);

/// How many ports after the wanted one are tried before any free one is taken.
const NEXT_PORTS: u16 = 20;

/// A server that runs until it is stopped.
pub(crate) struct Server {
    address: SocketAddr,
    publication: Arc<Publication>,
    inner: Arc<tiny_http::Server>,
    threads: Vec<JoinHandle<()>>,
}

/// Serves the newest snapshot of `publication` at `host` and `port`, or the next free port.
pub(crate) fn serve(
    publication: &Arc<Publication>,
    host: &str,
    port: u16,
) -> anyhow::Result<Server> {
    let listener = bind(host, port)?;
    let address = listener.local_addr().context("the preview has no address")?;
    let inner =
        tiny_http::Server::http((Ipv4Addr::LOCALHOST, 0)).map_err(|error| anyhow!(error))?;
    let inner = Arc::new(inner);
    let inner_address = inner.server_addr().to_ip().context("the inner server has no address")?;
    let accepting = {
        let publication = Arc::clone(publication);
        thread::spawn(move || gate::run(&listener, inner_address, &publication))
    };
    let answering = {
        let (inner, publication, guard) =
            (Arc::clone(&inner), Arc::clone(publication), Guard::new(host));
        thread::spawn(move || answer_all(&inner, &publication, &guard))
    };
    Ok(Server {
        address,
        publication: Arc::clone(publication),
        inner,
        threads: vec![accepting, answering],
    })
}

impl Server {
    /// Where the server listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends every stream and stops accepting.
    pub(crate) fn stop(self) {
        self.publication.close();
        self.inner.unblock();
        // The gate looks up from waiting when somebody comes.
        let knock =
            TcpStream::connect(SocketAddr::new(reachable(self.address.ip()), self.address.port()));
        if knock.is_ok() {
            for thread in self.threads {
                thread.join().unwrap_or_default();
            }
        }
    }
}

/// An address under which this machine reaches a server that listens at `address`.
pub(crate) fn reachable(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) if v4.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(v6) if v6.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        specific => specific,
    }
}

fn bind(host: &str, port: u16) -> anyhow::Result<TcpListener> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let mut ports = (port..=port.saturating_add(NEXT_PORTS)).chain([0]);
    loop {
        let port = ports.next().expect("port 0 is returned or fails for good");
        match TcpListener::bind((host, port)) {
            Err(error) if port != 0 && error.kind() == io::ErrorKind::AddrInUse => {}
            result => {
                return result.with_context(|| format!("cannot listen at {host}, port {port}"));
            }
        }
    }
}

fn answer_all(inner: &tiny_http::Server, publication: &Arc<Publication>, guard: &Guard) {
    let stream_ticket = Arc::new(());
    while !publication.is_closed() {
        let Ok(request) = inner.recv() else { continue };
        let (publication, guard) = (Arc::clone(publication), guard.clone());
        let ticket = Arc::clone(&stream_ticket);
        // A client that went away while it was answered is no news to anybody.
        thread::spawn(move || answer(request, &publication, &guard, ticket).unwrap_or_default());
    }
}

fn answer(
    mut request: tiny_http::Request,
    publication: &Publication,
    guard: &Guard,
    ticket: Arc<()>,
) -> io::Result<()> {
    let mut body = Vec::new();
    // The gate lets no more in.
    request.as_reader().read_to_end(&mut body)?;
    let header = |name: &'static str| {
        let mut values = request.headers().iter().filter(|header| header.field.equiv(name));
        let value = values.next().map(|header| header.value.as_str());
        if values.next().is_some() { None } else { value }
    };
    let method = request.method().to_string();
    let asked = Request {
        method: &method,
        target: request.url(),
        host: header("Host"),
        origin: header("Origin"),
        accept: header("Accept"),
        if_none_match: header("If-None-Match"),
        posted: Posted {
            revision: header("MCP-Protocol-Version"),
            method: header("Mcp-Method"),
            name: header("Mcp-Name"),
            body: &body,
        },
    };
    match respond(&publication.current(), guard, asked) {
        Answer::Whole(response) => {
            drop(ticket);
            request.respond(packed(&response))
        }
        Answer::Events if Arc::strong_count(&ticket) > OPEN_STREAMS + 1 => request.respond(
            tiny_http::Response::from_string("too many open streams\n").with_status_code(503),
        ),
        Answer::Events => stream(request, publication),
    }
}

/// What is read from where it lies.
struct ResponseBody(Bytes);

impl AsRef<[u8]> for ResponseBody {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A response in the words of `tiny_http`.
fn packed(response: &Response) -> tiny_http::Response<impl Read> {
    let headers = response.headers.iter().filter_map(|(name, value)| {
        tiny_http::Header::from_bytes(name.as_bytes(), value.as_bytes()).ok()
    });
    let status = tiny_http::StatusCode(response.status);
    let length = response.body.len();
    let body = io::Cursor::new(ResponseBody(Arc::clone(&response.body)));
    tiny_http::Response::new(status, headers.collect(), body, Some(length), None)
}

/// Sends each revision as it comes, the present one first, until the browser goes away or the server ends.
fn stream(request: tiny_http::Request, publication: &Publication) -> io::Result<()> {
    let mut browser = request.into_writer();
    browser.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
          X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\nretry: 500\n\n",
    )?;
    let mut update = Update::Newer(publication.current());
    let mut seen = 0;
    loop {
        match update {
            Update::Newer(snapshot) => {
                seen = snapshot.revision;
                write!(browser, "id: {seen}\ndata: {}\n\n", snapshot.event())?;
            }
            Update::None => browser.write_all(b": still here\n\n")?,
            Update::Closed => return Ok(()),
        }
        browser.flush()?;
        update = publication.newer_than(seen, PING);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpStream};
    use std::sync::Arc;
    use std::time::Duration;

    use super::{OPEN_STREAMS, Server, serve};
    use crate::files::{FilePath, Files};
    use crate::serve::gate::OPEN_CONNECTIONS;
    use crate::serve::snapshot::{Publication, Snapshot};

    const PATIENCE: Duration = Duration::from_secs(20);

    fn snapshot(text: &[u8]) -> Snapshot {
        let mut files = Files::default();
        files.insert(FilePath::new("index.html").expect("a path"), text.to_vec());
        Snapshot { files: Arc::new(files), ..Snapshot::default() }
    }

    fn start(text: &[u8]) -> (Server, Arc<Publication>) {
        let publication = Arc::new(Publication::default());
        publication.publish(snapshot(text));
        (serve(&publication, "127.0.0.1", 0).expect("a free port"), publication)
    }

    fn open(address: SocketAddr, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        stream.write_all(request.as_bytes()).expect("the server reads");
        stream
    }

    /// The whole answer to a request line, as text.
    fn ask(address: SocketAddr, line: &str) -> String {
        let mut stream = open(address, &format!("{line} HTTP/1.1\r\nHost: {address}\r\n\r\n"));
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("the server answers and closes");
        String::from_utf8(answer).expect("the answer is text")
    }

    /// Reads a stream until it has said `expected`.
    fn wait_for(stream: &mut TcpStream, expected: &str) {
        let mut heard = String::new();
        let mut buffer = [0; 1024];
        while !heard.contains(expected) {
            let count = stream.read(&mut buffer).expect("the stream speaks in time");
            assert_ne!(count, 0, "the stream ended after {heard}");
            heard.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    }

    fn events(address: SocketAddr) -> TcpStream {
        open(address, &format!("GET /_guidepost/events HTTP/1.1\r\nHost: {address}\r\n\r\n"))
    }

    #[test]
    fn a_page_is_answered_over_a_socket_and_head_sends_its_length_alone() {
        let (server, _board) = start(b"<head></head>home");
        let got = ask(server.address(), "GET /");
        assert!(got.starts_with("HTTP/1.0 200 OK\r\n") && got.ends_with("</head>home"), "{got}");
        let length = got
            .lines()
            .find(|line| line.starts_with("Content-Length"))
            .expect("a length")
            .to_owned();
        let head = ask(server.address(), "HEAD /");
        assert!(head.contains(&length) && head.ends_with("\r\n\r\n"), "{head}");
        server.stop();
    }

    #[test]
    fn a_request_with_a_body_is_refused_without_reading_it() {
        let (server, _board) = start(b"");
        let address = server.address();
        let request =
            format!("POST / HTTP/1.1\r\nHost: {address}\r\nContent-Length: 4\r\n\r\nbody");
        let mut answer = String::new();
        open(address, &request).read_to_string(&mut answer).expect("the server answers");
        assert!(answer.starts_with("HTTP/1.0 405 "), "{answer}");
        server.stop();
    }

    #[test]
    fn a_stream_tells_the_present_revision_and_each_new_one() {
        let (server, publication) = start(b"old");
        let mut stream = events(server.address());
        wait_for(&mut stream, "\"revision\":1");
        publication.publish(Snapshot {
            changed: FilePath::new("index.html").map(|path| vec![path]),
            ..snapshot(b"new")
        });
        wait_for(&mut stream, "{\"revision\":2,\"changed\":[\"index.html\"]}");
        assert!(ask(server.address(), "GET /").contains("new"));
        server.stop();
    }

    #[test]
    fn half_sent_requests_and_unread_streams_keep_nobody_waiting() {
        let (server, publication) = start(&vec![b'x'; 300_000]);
        let address = server.address();
        let _half: Vec<TcpStream> =
            (0..50).map(|_| open(address, "GET / HTTP/1.1\r\nHos")).collect();
        let _streams: Vec<TcpStream> = (0..20).map(|_| events(address)).collect();
        let unread = format!("GET / HTTP/1.1\r\nHost: {address}\r\n\r\n");
        let _unread: Vec<TcpStream> = (0..20).map(|_| open(address, &unread)).collect();
        for _ in 0..20 {
            publication.publish(snapshot(&vec![b'y'; 300_000]));
            assert!(ask(address, "GET /").contains("yyy"));
        }
        server.stop();
    }

    #[test]
    fn connections_over_the_bound_are_told_to_come_back() {
        let (server, _board) = start(b"home");
        let address = server.address();
        let half: Vec<TcpStream> =
            (0..OPEN_CONNECTIONS).map(|_| open(address, "GET / HT")).collect();
        assert!(ask(address, "GET /").starts_with("HTTP/1.0 503 "));
        drop(half);
        let answered = (0..1000).any(|_| ask(address, "GET /").starts_with("HTTP/1.0 200 "));
        assert!(answered, "the server answers again once the others are gone");
        server.stop();
    }

    #[test]
    fn streams_over_the_bound_are_refused_while_pages_are_answered() {
        let (server, _board) = start(b"home");
        let address = server.address();
        let mut streams: Vec<TcpStream> = (0..OPEN_STREAMS).map(|_| events(address)).collect();
        for stream in &mut streams {
            wait_for(stream, "\"revision\":1");
        }
        assert!(ask(address, "GET /_guidepost/events").starts_with("HTTP/1.0 503 "));
        assert!(ask(address, "GET /").starts_with("HTTP/1.0 200 "));
        server.stop();
    }

    #[test]
    fn a_taken_port_gives_way_to_the_next_and_stopping_frees_it() {
        let (first, _board) = start(b"");
        let publication = Arc::new(Publication::default());
        let second =
            serve(&publication, "127.0.0.1", first.address().port()).expect("another port is free");
        assert_ne!(first.address().port(), second.address().port());
        let mut stream = events(first.address());
        wait_for(&mut stream, "\"revision\":1");
        first.stop();
        second.stop();
        assert_eq!(stream.read(&mut [0; 64]).expect("the stream ended"), 0);
    }
}
