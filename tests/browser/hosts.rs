//! Other people's web servers, as small as they can be: pages that embed the widget, each set on an origin of its own.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// One page of a host: what it is, and the headers it comes with.
#[derive(Debug, Clone)]
pub(crate) struct HostPage {
    body: String,
    kind: &'static str,
    headers: Vec<(&'static str, String)>,
}

impl HostPage {
    /// A whole HTML document around `body`, with `head` at the end of its head.
    pub(crate) fn html(head: &str, body: &str) -> Self {
        let body = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>A portal</title>\
             <link rel=\"icon\" href=\"data:,\">{head}</head><body>{body}</body></html>"
        );
        Self {
            body,
            kind: "text/html; charset=utf-8",
            headers: Vec::new(),
        }
    }

    /// A script of the host's own.
    pub(crate) fn script(body: String) -> Self {
        Self {
            body,
            kind: "text/javascript; charset=utf-8",
            headers: Vec::new(),
        }
    }

    /// The same page with another response header.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// A running host; its pages are at its origin. It stops on drop.
#[derive(Debug)]
pub(crate) struct Hosts {
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
}

impl Hosts {
    /// Serves `pages` by path from a new origin.
    pub(crate) fn serve(pages: Vec<(&'static str, HostPage)>) -> Self {
        Self::on(listen(), pages)
    }

    /// Serves them from a listener whose address was needed before the pages were known.
    pub(crate) fn on(listener: TcpListener, pages: Vec<(&'static str, HostPage)>) -> Self {
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let is_over = Arc::new(AtomicBool::new(false));
        let pages: Arc<HashMap<_, _>> = Arc::new(pages.into_iter().collect());
        let ended = Arc::clone(&is_over);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let pages = Arc::clone(&pages);
                thread::spawn(move || answer_all(&stream, |request| page_for(&pages, request)));
            }
        });
        Self { address, is_over }
    }

    /// The origin, such as `http://127.0.0.1:40000`.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of one page.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // Wakes the accept loop.
        drop(TcpStream::connect(self.address));
    }
}

/// A listener on a free port of loopback.
pub(crate) fn listen() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").expect("loopback has a free port")
}

/// The origin that pages served from this listener have.
pub(crate) fn origin_of(listener: &TcpListener) -> String {
    format!(
        "http://{}",
        listener
            .local_addr()
            .expect("a bound listener has an address")
    )
}

fn page_for(pages: &HashMap<&str, HostPage>, request: &Request) -> String {
    let path = request.path.split('?').next().unwrap_or_default();
    let Some(page) = pages.get(path) else {
        return response("404 Not Found", "text/plain", &[], "nothing here");
    };
    response("200 OK", page.kind, &page.headers, &page.body)
}

/// One request, as far as these servers care.
#[derive(Debug)]
pub(crate) struct Request {
    /// `GET`, `POST`, …
    pub(crate) method: String,
    /// Path with query.
    pub(crate) path: String,
}

/// A whole HTTP/1.1 response.
pub(crate) fn response(status: &str, kind: &str, headers: &[(&str, String)], body: &str) -> String {
    let mut text = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\ncache-control: no-store\r\n",
        body.len()
    );
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text + "\r\n" + body
}

/// Answers every request of a connection until the client closes it.
pub(crate) fn answer_all(stream: &TcpStream, respond: impl Fn(&Request) -> String) {
    drop(stream.set_read_timeout(Some(Duration::from_secs(30))));
    let mut reader = BufReader::new(stream);
    while let Ok(Some(request)) = read_request(&mut reader) {
        let mut writer = stream;
        if writer.write_all(respond(&request).as_bytes()).is_err() {
            return;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut first = String::new();
    if reader.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut words = first.split_whitespace();
    let (method, path) = (
        words.next().unwrap_or_default().to_owned(),
        words.next().unwrap_or_default().to_owned(),
    );
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    io::copy(&mut reader.take(length), &mut io::sink())?;
    Ok(Some(Request { method, path }))
}
