//! A mail server that keeps what it gets, and a receiver of webhooks that fails as it is told.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

/// Waits until `is_so`, for at most 30 seconds.
pub fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(
            begin.elapsed() < Duration::from_secs(30),
            "waited in vain for {what}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A mail as it came in.
#[derive(Clone, Debug)]
pub struct Mail {
    pub to: String,
    raw: String,
}

impl Mail {
    /// A header, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self
            .raw
            .split("\r\n\r\n")
            .next()
            .unwrap()
            .replace("\r\n ", " ");
        let start = format!("{}:", name.to_lowercase());
        let line = head
            .lines()
            .find(|line| line.to_lowercase().starts_with(&start));
        line.map(|line| line[start.len()..].trim().to_owned())
    }

    /// The part of this type, decoded.
    pub fn part(&self, kind: &str) -> String {
        let start = format!("Content-Type: {kind}");
        let at = self
            .raw
            .find(&start)
            .unwrap_or_else(|| panic!("no {kind} in {}", self.raw));
        let (head, body) = self.raw[at..].split_once("\r\n\r\n").unwrap();
        let body = body.split("\r\n--").next().unwrap();
        let bytes = if head.contains("base64") {
            BASE64.decode(body.replace("\r\n", "")).unwrap()
        } else if head.contains("quoted-printable") {
            quoted(body)
        } else {
            body.as_bytes().to_vec()
        };
        String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
    }

    /// Every address in the plain text.
    pub fn links(&self) -> Vec<String> {
        let text = self.part("text/plain");
        text.split_whitespace()
            .filter(|word| word.starts_with("http"))
            .map(str::to_owned)
            .collect()
    }
}

fn quoted(text: &str) -> Vec<u8> {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'=' && after.len() >= 2 {
            let digits = std::str::from_utf8(&after[..2]).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    bytes
}

/// What a mail server says to a recipient: its code; 250 unless told otherwise.
type Say = Arc<dyn Fn(&str, usize) -> u16 + Send + Sync>;

/// A mail server on loopback.
pub struct MailSink {
    pub address: SocketAddr,
    mails: Arc<Mutex<Vec<Mail>>>,
}

impl MailSink {
    pub fn start() -> Self {
        Self::saying(|_, _| 250)
    }

    /// A server that speaks TLS from the first byte, and in PEM the authority that vouches for it.
    pub fn with_own_authority() -> (Self, String) {
        use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let authority = params.self_signed(&key).unwrap().pem();
        let (issuer, key) = (Issuer::new(params, key), KeyPair::generate().unwrap());
        let named = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        let certificate = named.signed_by(&key, &issuer).unwrap();
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .unwrap();
        let config = Arc::new(config);
        let sink = Self::over(
            |_, _| 250,
            move |stream| {
                let session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
                rustls::StreamOwned::new(session, stream)
            },
        );
        (sink, authority)
    }

    /// A server that answers a recipient, asked for the n-th time, as it is told.
    pub fn saying(say: impl Fn(&str, usize) -> u16 + Send + Sync + 'static) -> Self {
        Self::over(say, |stream| stream)
    }

    fn over<S: Read + Write>(
        say: impl Fn(&str, usize) -> u16 + Send + Sync + 'static,
        wrap: impl Fn(TcpStream) -> S + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mails = Arc::new(Mutex::new(Vec::new()));
        let (kept, say): (_, Say) = (Arc::clone(&mails), Arc::new(say));
        let wrap = Arc::new(wrap);
        let asked = Arc::new(Mutex::new(HashMap::new()));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (kept, say, asked) = (Arc::clone(&kept), Arc::clone(&say), Arc::clone(&asked));
                let wrap = Arc::clone(&wrap);
                std::thread::spawn(move || {
                    let stream = stream.unwrap();
                    let patience = Some(Duration::from_secs(20));
                    stream.set_read_timeout(patience).unwrap();
                    drop(talk(wrap(stream), &kept, &say, &asked))
                });
            }
        });
        Self { address, mails }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// The mails to an address.
    pub fn to(&self, address: &str) -> Vec<Mail> {
        self.mails()
            .into_iter()
            .filter(|mail| mail.to == address)
            .collect()
    }
}

fn say_to(lines: &mut BufReader<impl Read + Write>, line: &[u8]) -> std::io::Result<()> {
    lines.get_mut().write_all(line)?;
    lines.get_mut().flush()
}

fn talk(
    stream: impl Read + Write,
    kept: &Mutex<Vec<Mail>>,
    say: &Say,
    asked: &Mutex<HashMap<String, usize>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream);
    say_to(&mut lines, b"220 sink\r\n")?;
    let mut to = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let word = line.to_uppercase();
        if word.starts_with("RCPT") {
            to = line.split(['<', '>']).nth(1).unwrap().to_owned();
            let n = {
                let mut asked = asked.lock().unwrap();
                let n = asked.entry(to.clone()).or_insert(0);
                *n += 1;
                *n
            };
            say_to(
                &mut lines,
                format!("{} as told\r\n", say(&to, n)).as_bytes(),
            )?;
        } else if word.starts_with("DATA") {
            say_to(&mut lines, b"354 go on\r\n")?;
            let mut raw = String::new();
            loop {
                let mut line = String::new();
                lines.read_line(&mut line)?;
                if line == ".\r\n" {
                    break;
                }
                raw.push_str(line.strip_prefix('.').unwrap_or(&line));
            }
            kept.lock().unwrap().push(Mail {
                to: to.clone(),
                raw,
            });
            say_to(&mut lines, b"250 kept\r\n")?;
        } else if word.starts_with("QUIT") {
            say_to(&mut lines, b"221 bye\r\n")?;
            return Ok(());
        } else if word.starts_with("EHLO") {
            say_to(&mut lines, b"250-sink\r\n250 8BITMIME\r\n")?;
        } else {
            say_to(&mut lines, b"250 fine\r\n")?;
        }
    }
}

/// One request that a receiver got.
#[derive(Clone, Debug)]
pub struct Hook {
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

/// What a receiver does with a request.
#[derive(Clone, Debug)]
pub enum Does {
    /// Answers this status, with a header.
    Status(u16, &'static str),
    /// Closes at once.
    Resets,
    /// Says nothing.
    Hangs,
    /// Answers 200 and then sends without end.
    Floods,
    /// Answers what is no HTTP.
    Babbles,
}

/// A receiver on loopback; `does` says what happens with the n-th request to a path.
pub struct HookSink {
    pub address: SocketAddr,
    hooks: Arc<Mutex<Vec<Hook>>>,
}

impl HookSink {
    pub fn start(does: impl Fn(&str, usize) -> Does + Send + Sync + 'static) -> Self {
        Self::start_at("127.0.0.1:0", does)
    }

    pub fn start_at(
        address: &str,
        does: impl Fn(&str, usize) -> Does + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let hooks: Arc<Mutex<Vec<Hook>>> = Arc::default();
        let (kept, does) = (Arc::clone(&hooks), Arc::new(does));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (kept, does) = (Arc::clone(&kept), Arc::clone(&does));
                std::thread::spawn(move || drop(hear(stream.unwrap(), &kept, does.as_ref())));
            }
        });
        Self { address, hooks }
    }

    pub fn hooks(&self) -> Vec<Hook> {
        self.hooks.lock().unwrap().clone()
    }

    /// What came to a path.
    pub fn at(&self, path: &str) -> Vec<Hook> {
        self.hooks()
            .into_iter()
            .filter(|hook| hook.path == path)
            .collect()
    }
}

fn hear(
    stream: TcpStream,
    kept: &Mutex<Vec<Hook>>,
    does: &dyn Fn(&str, usize) -> Does,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream);
    let mut first = String::new();
    lines.read_line(&mut first)?;
    let Some(path) = first.split(' ').nth(1).map(str::to_owned) else {
        return Ok(());
    };
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    lines.read_exact(&mut body)?;
    let n = {
        let mut kept = kept.lock().unwrap();
        let body = String::from_utf8(body).unwrap();
        kept.push(Hook {
            path: path.clone(),
            headers,
            body,
        });
        kept.iter().filter(|hook| hook.path == path).count()
    };
    match does(&path, n) {
        Does::Status(status, header) => {
            let header = if header.is_empty() {
                String::new()
            } else {
                format!("{header}\r\n")
            };
            out.write_all(
                format!("HTTP/1.1 {status} as told\r\n{header}content-length: 0\r\n\r\n")
                    .as_bytes(),
            )
        }
        Does::Resets => Ok(()),
        Does::Hangs => {
            std::thread::sleep(Duration::from_secs(20));
            Ok(())
        }
        Does::Floods => {
            out.write_all(b"HTTP/1.1 200 ok\r\ncontent-length: 104857600\r\n\r\n")?;
            let piece = [b'x'; 65_536];
            for _ in 0..1_600 {
                out.write_all(&piece)?;
            }
            Ok(())
        }
        Does::Babbles => out.write_all(b"SSH-2.0-OpenSSH_9.9\r\n"),
    }
}
