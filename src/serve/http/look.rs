//! A written site as a host would serve it, at an address of this computer alone.
//!
//! What is answered is decided by [`crate::hosting::emulated`]; here it is only sent.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, anyhow};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::hosting::emulated::{HostAnswer, Mounted};
use crate::serve::guard::Guard;

/// Answers at a port (0 for any that is free) until the program ends; `read` is the content of a file, and `ready`
/// hears of the address.
pub(crate) fn look(
    site: &Mounted<'_>,
    read: &dyn Fn(&str) -> Option<Vec<u8>>,
    port: u16,
    ready: impl FnOnce(SocketAddr) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let server = Server::http((Ipv4Addr::LOCALHOST, port))
        .map_err(|error| anyhow!(error))
        .with_context(|| format!("cannot listen at port {port}"))?;
    ready(server.server_addr().to_ip().context("the server has no address")?)?;
    let guard = Guard::new("127.0.0.1");
    for request in server.incoming_requests() {
        let response = response(site, read, &guard, &request);
        // A client that went away while it was answered is no news to anybody.
        request.respond(response).unwrap_or_default();
    }
    Ok(())
}

fn response(
    site: &Mounted<'_>,
    read: &dyn Fn(&str) -> Option<Vec<u8>>,
    guard: &Guard,
    request: &Request,
) -> Response<std::io::Cursor<Vec<u8>>> {
    let host = request.headers().iter().find(|header| header.field.equiv("Host"));
    if !host.is_some_and(|host| guard.admits(host.value.as_str())) {
        return Response::from_data(Vec::new()).with_status_code(403);
    }
    if !matches!(request.method(), Method::Get | Method::Head) {
        return Response::from_data(Vec::new()).with_status_code(405);
    }
    let (path, query) = request.url().split_once('?').unwrap_or((request.url(), ""));
    let answer = site.answer(path);
    let body = answer.file.as_deref().and_then(read).unwrap_or_else(|| plain(&answer));
    let mut headers: Vec<(&str, String)> =
        site.headers(&answer).into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    if let Some(location) = &answer.location {
        let mark = if query.is_empty() { "" } else { "?" };
        headers.push(("Location", format!("{location}{mark}{query}")));
    }
    let mut response = Response::from_data(body).with_status_code(answer.status);
    // What no header can hold, a host would not send either.
    for header in headers.iter().flat_map(|(name, value)| Header::from_bytes(*name, value.as_str()))
    {
        response.add_header(header);
    }
    response
}

/// What a host says that has no page for it.
fn plain(answer: &HostAnswer) -> Vec<u8> {
    format!("{}\n", answer.status).into_bytes()
}
