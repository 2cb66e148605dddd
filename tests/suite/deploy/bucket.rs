//! A bucket in memory that speaks as much of S3's protocol as a deploy uses, keeps or ignores conditions, and fails when
//! it is told to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use guidepost::files::content_hash;

/// An object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) bytes: Vec<u8>,
    pub(super) content_type: String,
    pub(super) cache_control: String,
}

/// How a request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It never arrives.
    Refused,
    /// It is done, and the answer is lost.
    Lost,
    /// It is not done, and told to come again.
    Throttled,
    /// It is done, and told to come again.
    ThrottledAfter,
    /// It is not done, and the store is in trouble.
    Failed,
    /// It is done, and the store is in trouble.
    FailedAfter,
    /// It is done, and the answer ends in its middle.
    Half,
    /// It is not done, since something else is being done to the object.
    Conflicting,
    /// It is not allowed.
    Denied,
    /// The credentials are no longer good.
    Expired,
    /// The clocks differ.
    Skewed,
    /// This and all that follow never arrive.
    Down,
    /// Whoever asks is killed before it is done.
    Killed,
    /// Whoever asks is killed after it was done.
    KilledAfter,
}

impl Stored {
    /// The object, or its part from a byte on, by which an answer that was cut is gone on with.
    fn answer(&self, range: Option<&str>) -> Vec<u8> {
        let headers = format!(
            "ETag: {}\r\nContent-Type: {}\r\nCache-Control: {}\r\n",
            tag(&self.bytes),
            self.content_type,
            self.cache_control
        );
        let from = range.and_then(|range| range.strip_prefix("bytes=")?.split('-').next());
        let Some(from) = from.and_then(|from| from.parse().ok()) else {
            return response(200, &headers, &self.bytes);
        };
        let (last, all) = (self.bytes.len() - 1, self.bytes.len());
        let part = format!("{headers}Content-Range: bytes {from}-{last}/{all}\r\n");
        response(206, &part, self.bytes.get(from..).unwrap_or_default())
    }
}

#[derive(Debug)]
struct State {
    objects: BTreeMap<String, Stored>,
    log: Vec<String>,
    failure: Option<(usize, Failure)>,
    keeps_conditions: bool,
    /// Who kills is told here.
    killer: Option<Sender<()>>,
}

/// What becomes of a connection.
enum Reply {
    Answer(Vec<u8>),
    /// It is closed after these bytes.
    Cut(Vec<u8>),
    /// Nothing comes until the other side is gone.
    Hold,
}

/// The bucket.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    state: Arc<Mutex<State>>,
    pub(super) endpoint: String,
}

/// How many objects a page of a listing holds.
const PAGE: usize = 1000;

impl Bucket {
    /// A bucket with these objects.
    pub(super) fn with(objects: BTreeMap<String, Stored>) -> Bucket {
        Bucket::new(objects, true)
    }

    /// A bucket that writes whatever is asked for under a condition.
    pub(super) fn without_conditions() -> Bucket {
        Bucket::new(BTreeMap::new(), false)
    }

    fn new(objects: BTreeMap<String, Stored>, keeps_conditions: bool) -> Bucket {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("it has an address"));
        let state =
            State { objects, log: Vec::new(), failure: None, keeps_conditions, killer: None };
        let bucket = Bucket { state: Arc::new(Mutex::new(state)), endpoint };
        let served = bucket.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let bucket = served.clone();
                std::thread::spawn(move || bucket.serve(&stream));
            }
        });
        bucket
    }

    /// Fails at a request, counted from 1 from now on.
    pub(super) fn fail(&self, at: usize, failure: Failure) {
        let mut state = self.state.lock().expect("nobody panics");
        state.log.clear();
        state.failure = Some((at, failure));
    }

    /// Fails by telling a killer at a request, counted from 1 from now on.
    pub(super) fn fail_by(&self, at: usize, failure: Failure, killer: Sender<()>) {
        self.fail(at, failure);
        self.state.lock().expect("nobody panics").killer = Some(killer);
    }

    /// Nobody kills any more.
    pub(super) fn forget_killer(&self) {
        self.state.lock().expect("nobody panics").killer = None;
    }

    /// Fails no more.
    pub(super) fn mend(&self) {
        let mut state = self.state.lock().expect("nobody panics");
        state.log.clear();
        state.failure = None;
    }

    pub(super) fn objects(&self) -> BTreeMap<String, Stored> {
        self.state.lock().expect("nobody panics").objects.clone()
    }

    /// Every request since it was last told to fail or not to: method and key.
    pub(super) fn log(&self) -> Vec<String> {
        self.state.lock().expect("nobody panics").log.clone()
    }

    pub(super) fn put(&self, key: &str, text: &str) {
        let stored = Stored {
            bytes: text.as_bytes().to_vec(),
            content_type: String::new(),
            cache_control: String::new(),
        };
        self.state.lock().expect("nobody panics").objects.insert(key.to_owned(), stored);
    }

    pub(super) fn take(&self, key: &str) {
        self.state.lock().expect("nobody panics").objects.remove(key);
    }

    fn serve(&self, stream: &TcpStream) {
        let mut reader = BufReader::new(stream);
        while let Some(request) = Request::read(&mut reader) {
            let mut stream = stream;
            match self.reply(&request) {
                Reply::Answer(answer) => {
                    if stream.write_all(&answer).is_err() {
                        return;
                    }
                }
                Reply::Cut(part) => {
                    let _ = stream.write_all(&part);
                    return;
                }
                Reply::Hold => {
                    let _ = reader.read(&mut [0]);
                    return;
                }
            }
        }
    }

    fn reply(&self, request: &Request) -> Reply {
        let mut state = self.state.lock().expect("nobody panics");
        state.log.push(format!("{} {}", request.method, request.key));
        let count = state.log.len();
        let goes_on =
            |failure| matches!(failure, Failure::Down | Failure::Killed | Failure::KilledAfter);
        let failure = state
            .failure
            .filter(|(at, failure)| count == *at || (goes_on(*failure) && count > *at))
            .map(|(at, failure)| (count == at, failure));
        match failure {
            None => Reply::Answer(state.answer(request)),
            Some((is_first, Failure::Killed | Failure::KilledAfter)) => {
                if is_first {
                    if failure == Some((true, Failure::KilledAfter)) {
                        state.answer(request);
                    }
                    let killer = state.killer.take().expect("somebody kills");
                    killer.send(()).expect("somebody listens");
                }
                Reply::Hold
            }
            Some((_, failure)) => state.failed(request, failure),
        }
    }
}

impl State {
    /// What becomes of a request that fails.
    fn failed(&mut self, request: &Request, failure: Failure) -> Reply {
        use Failure::{FailedAfter, Half, Lost, ThrottledAfter};
        let is_done = matches!(failure, Lost | ThrottledAfter | FailedAfter | Half);
        let done = if is_done { self.answer(request) } else { Vec::new() };
        match failure {
            Failure::Half => Reply::Cut(done[..done.len() / 2].to_vec()),
            Failure::Throttled | Failure::ThrottledAfter => Reply::Answer(error(503, "SlowDown")),
            Failure::Failed | Failure::FailedAfter => Reply::Answer(error(500, "InternalError")),
            Failure::Conflicting => Reply::Answer(error(409, "OperationAborted")),
            Failure::Denied => Reply::Answer(error(403, "AccessDenied")),
            Failure::Expired => Reply::Answer(error(400, "ExpiredToken")),
            Failure::Skewed => Reply::Answer(error(403, "RequestTimeTooSkewed")),
            Failure::Lost
            | Failure::Refused
            | Failure::Down
            | Failure::Killed
            | Failure::KilledAfter => Reply::Cut(Vec::new()),
        }
    }

    fn answer(&mut self, request: &Request) -> Vec<u8> {
        let key = request.key.as_str();
        match request.method.as_str() {
            "GET" if key.is_empty() => self.list(request),
            "GET" | "HEAD" => match self.objects.get(key) {
                Some(stored) => stored.answer(request.header("range")),
                None => error(404, "NoSuchKey"),
            },
            "PUT" => self.write(request),
            "DELETE" => {
                self.objects.remove(key);
                response(204, "", b"")
            }
            "POST" => {
                let text = String::from_utf8_lossy(&request.body).into_owned();
                let mut body = "<DeleteResult>".to_owned();
                for part in text.split("<Key>").skip(1) {
                    let key = part.split("</Key>").next().unwrap_or_default();
                    self.objects.remove(&plain(key));
                    body.push_str(&format!("<Deleted><Key>{key}</Key></Deleted>"));
                }
                body.push_str("</DeleteResult>");
                response(200, "", body.as_bytes())
            }
            _ => error(405, "MethodNotAllowed"),
        }
    }

    fn write(&mut self, request: &Request) -> Vec<u8> {
        let key = request.key.clone();
        if let Some(source) = request.header("x-amz-copy-source") {
            let source = decoded(source.trim_start_matches('/'));
            let (_, source) = source.split_once('/').expect("a bucket and a key");
            let Some(stored) = self.objects.get(source).cloned() else {
                return error(404, "NoSuchKey");
            };
            let body =
                format!("<CopyObjectResult><ETag>{}</ETag></CopyObjectResult>", tag(&stored.bytes));
            self.objects.insert(key, stored);
            return response(200, "", body.as_bytes());
        }
        let standing = self.objects.get(&key).map(|stored| tag(&stored.bytes));
        if self.keeps_conditions {
            if request.header("if-none-match").is_some() && standing.is_some() {
                return error(412, "PreconditionFailed");
            }
            match (request.header("if-match"), &standing) {
                (Some(_), None) => return error(404, "NoSuchKey"),
                (Some(wanted), Some(standing)) if wanted != standing => {
                    return error(412, "PreconditionFailed");
                }
                _ => {}
            }
        }
        let text = |name: &str| request.header(name).unwrap_or_default().to_owned();
        let stored = Stored {
            bytes: request.body.clone(),
            content_type: text("content-type"),
            cache_control: text("cache-control"),
        };
        let tag = tag(&stored.bytes);
        self.objects.insert(key, stored);
        response(200, &format!("ETag: {tag}\r\n"), b"")
    }

    fn list(&self, request: &Request) -> Vec<u8> {
        let (prefix, after) = (request.query("prefix"), request.query("continuation-token"));
        let keys: Vec<_> = self
            .objects
            .iter()
            .filter(|(key, _)| key.starts_with(&prefix) && (after.is_empty() || **key > after))
            .take(PAGE + 1)
            .collect();
        let mut body = "<ListBucketResult>".to_owned();
        for (key, stored) in keys.iter().take(PAGE) {
            body.push_str(&format!(
                "<Contents><Key>{}</Key><LastModified>2026-11-29T00:00:00.000Z</LastModified><ETag>{}</ETag><Size>{}</Size></Contents>",
                escaped(key),
                tag(&stored.bytes).replace('"', "&quot;"),
                stored.bytes.len()
            ));
        }
        let is_more = keys.len() > PAGE;
        body.push_str(&format!("<IsTruncated>{is_more}</IsTruncated>"));
        if is_more {
            let last = keys[PAGE - 1].0;
            body.push_str(&format!(
                "<NextContinuationToken>{}</NextContinuationToken>",
                escaped(last)
            ));
        }
        body.push_str("</ListBucketResult>");
        response(200, "Content-Type: application/xml\r\n", body.as_bytes())
    }
}

struct Request {
    method: String,
    key: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn read(reader: &mut impl BufRead) -> Option<Request> {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
        let mut words = line.split_whitespace();
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut request =
            Request { method, key: String::new(), query: String::new(), headers, body: Vec::new() };
        let length = request.header("content-length").and_then(|text| text.parse().ok());
        request.body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut request.body).ok()?;
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let (_, key) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
        request.key = decoded(key);
        query.clone_into(&mut request.query);
        Some(request)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn query(&self, name: &str) -> String {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        let mut found = pairs.filter(|(known, _)| *known == name).map(|(_, value)| decoded(value));
        found.next_back().unwrap_or_default()
    }
}

fn response(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut answer = format!(
        "HTTP/1.1 {status} X\r\nLast-Modified: Sun, 29 Nov 2026 00:00:00 GMT\r\n{headers}Content-Length: {length}\r\n\r\n"
    )
    .into_bytes();
    answer.extend(body);
    answer
}

fn error(status: u16, code: &str) -> Vec<u8> {
    response(status, "", format!("<Error><Code>{code}</Code></Error>").as_bytes())
}

fn tag(bytes: &[u8]) -> String {
    format!("\"{}\"", content_hash(bytes))
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&apos;", "'")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
