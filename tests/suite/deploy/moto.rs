//! The same against moto, a store by other authors, where `moto_server` is installed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use super::{NEW, OLD, ends, prepared, sites};

/// A running moto, which ends with its owner.
struct Moto {
    process: Child,
    port: u16,
}

impl Moto {
    /// Starts moto; none, and a line that says so, where it is not installed.
    fn start() -> Option<Moto> {
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let process = Command::new("moto_server")
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut process) = process else {
            eprintln!("not run against moto: `moto_server` is not installed");
            return None;
        };
        let said = process.stderr.take().expect("it is piped");
        let mut lines = BufReader::new(said).lines().map_while(Result::ok);
        if !lines.any(|line| line.contains("Running on")) {
            eprintln!("not run against moto: `moto_server` does not start");
            return None;
        }
        // What it says of each request has to be read, or it waits.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Moto { process, port })
    }

    /// The status and the whole answer.
    fn ask(&self, method: &str, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\nAuthorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers in text");
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.expect("an answer has a status"), answer)
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_store_by_others_is_published_to_in_the_same_way() {
    let Some(moto) = Moto::start() else { return };
    let folder = sites();
    assert_eq!(moto.ask("PUT", "/runbooks").0, 200);
    let endpoint = format!("http://127.0.0.1:{}", moto.port);
    let arguments = ["s3://runbooks/site", "--endpoint", &endpoint];
    let deploy = |more: &[&str]| ends(folder.path(), &[&arguments[..], more].concat(), 0);
    let holds = |files: &[(&str, &str)]| {
        for (key, text) in files {
            let (status, answer) = moto.ask("GET", &format!("/runbooks/site/{key}"));
            assert!(status == 200 && answer.ends_with(text), "{key}: {answer}");
        }
    };
    let printed = deploy(&["--out", "old"]);
    assert!(!printed.contains("keeps no conditions"), "{printed}");
    holds(OLD);
    let (_, page) = moto.ask("GET", "/runbooks/site/a/index.html");
    assert!(page.contains("text/html; charset=utf-8") && page.contains("no-cache"), "{page}");
    assert!(deploy(&["--out", "old"]).contains("nothing to do"));
    deploy(&["--out", "new"]);
    holds(NEW);
    assert_eq!(moto.ask("GET", "/runbooks/site/old/index.html").0, 404);
    deploy(&["--rollback"]);
    holds(OLD);
    let at_once: Vec<_> = ["old", "new", "old", "new"]
        .iter()
        .map(|name| {
            let all = [&arguments[..], &["--out", name, "--grace", "0"]].concat();
            let mut command = prepared(folder.path(), &all);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().expect("the program runs")
        })
        .collect();
    for mut process in at_once {
        let code = process.wait().expect("it ends").code();
        assert!(matches!(code, Some(0 | 5)), "{code:?}");
    }
    deploy(&["--out", "new", "--grace", "0"]);
    holds(NEW);
    deploy(&["--remove", "--max-delete", "-1"]);
    let (_, listing) = moto.ask("GET", "/runbooks?list-type=2");
    assert!(!listing.contains("<Key>"), "{listing}");
}
