//! Mails: how one looks, as plain text and as HTML that needs no image, and the server that takes it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};
use url::Url;

/// A mail server that does not answer is given up for now after so long.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Where mail goes out, and from whom. The address may hold a password and is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// `smtps://name:password@host`, `smtp://host:587?tls=required`, or `smtp://localhost:25`.
    pub server: String,
    /// `Example Support <feedback@example.com>`.
    pub from: String,
    /// A PEM file of authorities whose word on the server's name is taken, too: beside those that browsers trust.
    pub authorities: Option<PathBuf>,
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailSettings({:?})", self.from)
    }
}

/// Why mail cannot be sent at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailError {
    /// The server's address cannot be read. It is not repeated: it may hold a password.
    Server,
    /// The sender is no mailbox.
    From(String),
    /// The file of authorities cannot be used.
    Authorities(PathBuf, String),
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server => f.write_str(
                "the mail server's address cannot be read; write smtps://name:password@host, or smtp://host:587?tls=required",
            ),
            Self::From(text) => write!(
                f,
                "{text:?} is no sender; write a mailbox, for example: Example Support <feedback@example.com>"
            ),
            Self::Authorities(path, error) => write!(
                f,
                "{}: {error}; name a file of certificates in PEM with --smtp-ca",
                path.display()
            ),
        }
    }
}

impl std::error::Error for MailError {}

/// Why one mail did not go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// It may go out later.
    Passing(String),
    /// The server says that there is no such address.
    NoSuchAddress(String),
    /// It never will.
    Never(String),
}

/// A mail before it is written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// The address.
    pub to: String,
    /// The language, a BCP 47 tag.
    pub language: &'static str,
    /// The subject.
    pub subject: String,
    /// What stands in it.
    pub parts: Vec<Part>,
    /// Where one touch stops all further ones (RFC 8058).
    pub unsubscribe: Option<String>,
}

/// A piece of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A paragraph.
    Text(String),
    /// The one thing to do: words and address.
    Button(String, String),
    /// A question whose points are links: words at the low and high end, and (point, address) in order.
    Scores(String, [String; 2], Vec<(String, String)>),
    /// Small print.
    Small(String),
    /// A link in small print: words and address.
    SmallLink(String, String),
}

/// The encryption that a server's address asks for, with more authorities than usual.
fn trusting(server: &str, path: &Path) -> Result<Tls, MailError> {
    let unusable = |error: String| MailError::Authorities(path.to_owned(), error);
    let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    let begin = b"-----BEGIN CERTIFICATE-----";
    if !pem.windows(begin.len()).any(|bytes| bytes == begin) {
        return Err(unusable("there is no certificate in it".to_owned()));
    }
    let authorities = Certificate::from_pem(&pem).map_err(|error| unusable(error.to_string()))?;
    let server = Url::parse(server).map_err(|_| MailError::Server)?;
    let host = server.host_str().ok_or(MailError::Server)?;
    let parameters = TlsParameters::builder(host.to_owned())
        .add_root_certificate(authorities)
        .build()
        .map_err(|error| unusable(error.to_string()))?;
    let asked = server.query_pairs().find(|(key, _)| key == "tls");
    Ok(match asked.as_ref().map(|(_, how)| how.as_ref()) {
        _ if server.scheme() == "smtps" => Tls::Wrapper(parameters),
        Some("required") => Tls::Required(parameters),
        Some(_) => Tls::Opportunistic(parameters),
        None => Tls::None,
    })
}

/// Sends mails.
#[derive(Debug)]
pub struct Mailer {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Mailer {
    /// A mailer over a server. Nothing is sent yet.
    ///
    /// # Errors
    /// When server, sender or authorities cannot be read.
    pub fn new(settings: &MailSettings) -> Result<Self, MailError> {
        let mut builder =
            SmtpTransport::from_url(&settings.server).map_err(|_| MailError::Server)?;
        if let Some(path) = &settings.authorities {
            builder = builder.tls(trusting(&settings.server, path)?);
        }
        let from = settings.from.parse();
        Ok(Self {
            transport: builder.timeout(Some(TIMEOUT)).build(),
            from: from.map_err(|_| MailError::From(settings.from.clone()))?,
        })
    }

    /// Sends one mail. `number` names it, so that a mail program shows one that came twice once. Blocks on the network.
    ///
    /// # Errors
    /// Says whether it may go out later.
    pub fn send(&self, letter: &Letter, number: i64) -> Result<(), Unsent> {
        let message = self.message(letter, number)?;
        match self.transport.send(&message) {
            Ok(_) => Ok(()),
            Err(error) => {
                let text = error.to_string();
                Err(match error.status().map(u16::from) {
                    // No such user, not here, or a name that cannot be one.
                    Some(550 | 551 | 553) => Unsent::NoSuchAddress(text),
                    // Anything else that is "permanent" is most often a setting of the server or of ours.
                    _ => Unsent::Passing(text),
                })
            }
        }
    }

    /// The mail as it is written down.
    ///
    /// # Errors
    /// When the address is none.
    pub fn message(&self, letter: &Letter, number: i64) -> Result<Message, Unsent> {
        let to: Mailbox = letter
            .to
            .parse()
            .map_err(|_| Unsent::Never("the address on file is no mail address".to_owned()))?;
        let id = format!("<qingting.{number}@{}>", self.from.email.domain());
        let built = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&letter.subject)
            .message_id(Some(id))
            .multipart(MultiPart::alternative_plain_html(
                text(letter),
                html(letter),
            ));
        let mut message = built.map_err(|error| Unsent::Never(error.to_string()))?;
        let mut headers = vec![
            ("Auto-Submitted", "auto-generated".to_owned()),
            ("Content-Language", letter.language.to_owned()),
        ];
        if let Some(link) = &letter.unsubscribe {
            headers.push(("List-Unsubscribe", format!("<{link}>")));
            headers.push((
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click".to_owned(),
            ));
        }
        for (name, value) in headers {
            if let Ok(name) = HeaderName::new_from_ascii(name.to_owned()) {
                message
                    .headers_mut()
                    .insert_raw(HeaderValue::new(name, value));
            }
        }
        Ok(message)
    }
}

/// The plain text: everything that the HTML says, with every address written out.
pub fn text(letter: &Letter) -> String {
    let part = |part: &Part| match part {
        Part::Text(words) | Part::Small(words) => words.clone(),
        Part::Button(words, link) | Part::SmallLink(words, link) => format!("{words}:\n{link}"),
        Part::Scores(question, [low, high], points) => {
            let mut lines = vec![question.clone()];
            let last = points.len().saturating_sub(1);
            for (place, (point, link)) in points.iter().enumerate() {
                let label = match place {
                    0 if !low.is_empty() => format!(" ({low})"),
                    _ if place == last && !high.is_empty() => format!(" ({high})"),
                    _ => String::new(),
                };
                lines.push(format!("{point}{label}: {link}"));
            }
            lines.join("\n")
        }
    };
    let mut text = letter
        .parts
        .iter()
        .map(part)
        .collect::<Vec<_>>()
        .join("\n\n");
    text.push('\n');
    text
}

/// The HTML: one column, system fonts, colours that hold on light and dark, nothing that is loaded from anywhere.
pub fn html(letter: &Letter) -> String {
    let part = |part: &Part| match part {
        Part::Text(words) => format!("<p style=\"margin:0 0 16px\">{}</p>", escaped(words)),
        Part::Button(words, link) => format!(
            "<p style=\"margin:0 0 24px\"><a href=\"{}\" style=\"display:inline-block;padding:12px 20px;border-radius:8px;\
             background:#00695c;color:#ffffff;text-decoration:none;font-weight:600\">{}</a></p>",
            escaped(link),
            escaped(words)
        ),
        Part::Scores(question, [low, high], points) => {
            let cell = |(point, link): &(String, String)| {
                format!(
                    "<td style=\"padding:0 4px 4px 0\"><a href=\"{}\" style=\"display:block;min-width:24px;padding:10px 6px;\
                     border:1px solid #00695c;border-radius:8px;color:#00695c;text-align:center;text-decoration:none;\
                     font-weight:600\">{}</a></td>",
                    escaped(link),
                    escaped(point)
                )
            };
            let cells: String = points.iter().map(cell).collect();
            let ends: Vec<_> = [low, high]
                .into_iter()
                .filter(|end| !end.is_empty())
                .cloned()
                .collect();
            format!(
                "<p style=\"margin:0 0 8px;font-weight:600\">{}</p><table role=\"presentation\" cellspacing=\"0\" cellpadding=\"0\" \
                 style=\"margin:0 0 4px\"><tr>{cells}</tr></table><p style=\"margin:0 0 16px;font-size:13px;color:#5f6b76\">{}</p>",
                escaped(question),
                escaped(&ends.join(" … "))
            )
        }
        Part::Small(words) => format!(
            "<p style=\"margin:0 0 8px;font-size:13px;color:#5f6b76\">{}</p>",
            escaped(words)
        ),
        Part::SmallLink(words, link) => format!(
            "<p style=\"margin:0 0 8px;font-size:13px\"><a href=\"{}\" style=\"color:#00695c\">{}</a></p>",
            escaped(link),
            escaped(words)
        ),
    };
    let parts: String = letter.parts.iter().map(part).collect();
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light\"><title>{}</title></head>\
         <body style=\"margin:0;padding:24px 16px;background:#ffffff;color:#1a1f26;font:16px/1.5 system-ui,-apple-system,\
         'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif\"><div style=\"max-width:36em;margin:0 auto\">{parts}</div>\
         </body></html>",
        letter.language,
        escaped(&letter.subject)
    )
}

/// Words as they stand, whatever they look like: there is no template language here.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
