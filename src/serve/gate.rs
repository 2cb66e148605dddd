//! The door of the preview server: lets complete requests in, one to a connection, and keeps slow clients outside.
//!
//! `tiny_http` gives every connection a thread without bound, sets no timeouts, and a connection that has sent half a
//! request holds its thread forever; one that arrives in a burst may even be queued behind it. So browsers never
//! meet it directly. The gate accepts their connections, reads a request's head within a deadline, and only then
//! passes it on, over loopback, as an HTTP/1.0 request: answered once, ended by closing. Only questions of agents have a
//! body, which is bounded and read within the same deadline. What comes
//! back is copied with a write timeout. Open connections are counted; those over the bound get a 503 at once.
//!
//! The gate understands no more of HTTP than the head's lines, and knows nothing of the site.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::snapshot::Publication;

/// How many connections may be open at once, streams and half-sent requests included.
pub(crate) const OPEN_CONNECTIONS: usize = 256;

/// How long a client may take to send a request's head.
const HEAD_TIME: Duration = Duration::from_secs(5);

/// How long a client may leave a full connection unread.
const WRITE_TIME: Duration = Duration::from_secs(10);

/// The most that is read of a head. Cookies of every port on this host come along, so it is not small.
const HEAD_BYTES: usize = 64 * 1024;

/// The header lines that answers depend on; all others stay outside.
const PASSED_ON: [&str; 6] =
    ["host", "origin", "if-none-match", "mcp-protocol-version", "mcp-method", "mcp-name"];

/// The one address to which something may be posted.
pub(crate) const POSTED_TO: &str = "/mcp";

/// The most that may be posted, in bytes.
const BODY_BYTES: usize = 1 << 20;

/// Accepts connections until the publication is closed, and passes their requests on to `inner`.
pub(crate) fn run(listener: &TcpListener, inner: SocketAddr, publication: &Publication) {
    let ticket = Arc::new(());
    for client in listener.incoming() {
        if publication.is_closed() {
            return;
        }
        let Ok(client) = client else {
            // Out of file descriptors, most likely: let some connections end first.
            thread::sleep(Duration::from_millis(20));
            continue;
        };
        if Arc::strong_count(&ticket) > OPEN_CONNECTIONS {
            refuse(client, "503 Service Unavailable", "too many open connections\n");
            continue;
        }
        let ticket = Arc::clone(&ticket);
        thread::spawn(move || {
            pass(client, inner);
            drop(ticket);
        });
    }
}

/// Passes one request on and its answer back. A client that breaks off ends both; there is nobody to tell.
fn pass(mut client: TcpStream, inner: SocketAddr) {
    let deadline = Instant::now() + HEAD_TIME;
    let refusal = match read_head(&mut client, deadline) {
        Ok(Some((head, begun))) => match (inner_head(&head), body_length(&head)) {
            (Some(_), Some(length)) if length > BODY_BYTES => "413 Content Too Large",
            (Some(mut request), length) => {
                let body = read_body(&mut client, begun, length.unwrap_or_default(), deadline);
                let Ok(body) = body else { return };
                request.extend(body);
                return relay(client, inner, &request).unwrap_or_default();
            }
            (None, _) => "400 Bad Request",
        },
        Ok(None) => "431 Request Header Fields Too Large",
        Err(error)
            if matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) =>
        {
            "408 Request Timeout"
        }
        Err(_) => return,
    };
    refuse(client, refusal, "");
}

/// Everything up to the empty line, and what came behind it, within the deadline; `None` if it is too long.
fn read_head(client: &mut TcpStream, deadline: Instant) -> io::Result<Option<(Vec<u8>, Vec<u8>)>> {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while head.len() < HEAD_BYTES {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        client.set_read_timeout(Some(left))?;
        let count = client.read(&mut buffer)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        // The end may lie across two reads, but begins at most three bytes before the new ones.
        let from = head.len().saturating_sub(3);
        head.extend_from_slice(&buffer[..count]);
        if let Some(end) = head[from..].windows(4).position(|window| window == b"\r\n\r\n") {
            let behind = head.split_off(from + end + 4);
            head.truncate(from + end);
            return Ok(Some((head, behind)));
        }
    }
    Ok(None)
}

/// The length of the body of a request that may have one; `None` of any other.
fn body_length(head: &[u8]) -> Option<usize> {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n");
    let mut words = lines.next()?.split(' ');
    let is_posted = words.next() == Some("POST")
        && words.next().and_then(|target| target.split('?').next()) == Some(POSTED_TO);
    let mut lengths = lines
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = lengths.next().filter(|_| is_posted)?.1.trim();
    let is_number = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| length.parse().unwrap_or(usize::MAX))
}

/// The body of which a part may have come with the head.
fn read_body(
    client: &mut TcpStream,
    mut body: Vec<u8>,
    length: usize,
    deadline: Instant,
) -> io::Result<Vec<u8>> {
    body.truncate(length);
    let mut buffer = [0; 16 * 1024];
    while body.len() < length {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        client.set_read_timeout(Some(left))?;
        let wanted = buffer.len().min(length - body.len());
        let count = client.read(&mut buffer[..wanted])?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        body.extend_from_slice(&buffer[..count]);
    }
    Ok(body)
}

/// The same request as HTTP/1.0 with the few headers that matter; `None` if it is not a request.
fn inner_head(head: &[u8]) -> Option<Vec<u8>> {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n");
    let mut words = lines.next()?.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let well_formed = words.next().is_none()
        && !method.is_empty()
        && method.bytes().all(|byte| byte.is_ascii_alphabetic())
        && target.bytes().all(|byte| byte.is_ascii_graphic())
        && !target.is_empty()
        && version.starts_with("HTTP/1.");
    if !well_formed {
        return None;
    }
    let mut request = format!("{method} {target} HTTP/1.0\r\n");
    for line in lines {
        let (name, value) = line.split_once(':')?;
        if PASSED_ON.contains(&name.to_ascii_lowercase().as_str()) {
            if !value.bytes().all(|byte| byte == b' ' || byte == b'\t' || byte.is_ascii_graphic()) {
                return None;
            }
            request.extend([name, ": ", value.trim(), "\r\n"]);
        }
    }
    if let Some(length) = body_length(head.as_bytes()) {
        request.push_str(&format!("Content-Length: {length}\r\n"));
    }
    request.push_str("\r\n");
    Some(request.into_bytes())
}

fn relay(mut client: TcpStream, inner: SocketAddr, request: &[u8]) -> io::Result<()> {
    let mut inner = TcpStream::connect(inner)?;
    inner.set_nodelay(true)?;
    client.set_nodelay(true)?;
    client.set_write_timeout(Some(WRITE_TIME))?;
    inner.write_all(request)?;
    io::copy(&mut inner, &mut client)?;
    linger(client)
}

fn refuse(mut client: TcpStream, status: &str, message: &str) {
    let response = format!(
        "HTTP/1.0 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nRetry-After: 1\r\n\
         Content-Length: {}\r\n\r\n{message}",
        message.len()
    );
    let sent = client
        .set_write_timeout(Some(Duration::from_millis(20)))
        .and_then(|()| client.write_all(response.as_bytes()));
    if sent.is_ok() {
        linger(client).unwrap_or_default();
    }
}

/// Closes after the client has read the answer: closing over unread input would make the system discard what was sent.
fn linger(mut client: TcpStream) -> io::Result<()> {
    client.shutdown(Shutdown::Write)?;
    client.set_read_timeout(Some(Duration::from_millis(50)))?;
    let mut unread = [0; 4096];
    for _ in 0..16 {
        if client.read(&mut unread)? == 0 {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::inner_head;

    fn check(head: &str, expected: Option<&str>) {
        let passed = inner_head(head.as_bytes())
            .map(|bytes| String::from_utf8(bytes).expect("ASCII in, ASCII out"));
        assert_eq!(passed.as_deref(), expected, "{head}");
    }

    #[test]
    fn a_request_is_passed_on_without_what_does_not_matter() {
        check(
            "GET /a?b HTTP/1.1\r\nHost: localhost:4000\r\nConnection: keep-alive\r\nContent-Length: 9\r\nCookie: é",
            Some("GET /a?b HTTP/1.0\r\nHost: localhost:4000\r\n\r\n"),
        );
        check("HEAD / HTTP/1.0", Some("HEAD / HTTP/1.0\r\n\r\n"));
    }

    #[test]
    fn only_what_agents_post_has_a_body() {
        check(
            "POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nMcp-Method: ping",
            Some("POST /mcp HTTP/1.0\r\nHost: a\r\nMcp-Method: ping\r\nContent-Length: 9\r\n\r\n"),
        );
        for head in [
            "POST / HTTP/1.1\r\nContent-Length: 9",
            "GET /mcp HTTP/1.1\r\nContent-Length: 9",
            "POST /mcp HTTP/1.1\r\nContent-Length: -9",
            "POST /mcp HTTP/1.1\r\nTransfer-Encoding: chunked",
        ] {
            assert_eq!(super::body_length(head.as_bytes()), None, "{head}");
        }
    }

    #[test]
    fn what_is_not_a_request_stays_outside() {
        for head in [
            "",
            "GET",
            "GET /",
            "GET / HTTP/2.0",
            "GET /a b HTTP/1.1",
            " / HTTP/1.1",
            "GET /\u{1} HTTP/1.1",
            "GET /é HTTP/1.1",
            "GET / HTTP/1.1\r\nno colon",
            "GET / HTTP/1.1\r\nHost: a\nX: b",
        ] {
            check(head, None);
        }
    }
}
