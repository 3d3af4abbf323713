//! The way to the mail server (SMTP). Its address holds a password, which is shown nowhere.

use std::error::Error;
use std::time::Duration;

use anyhow::Context as _;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp;
use lettre::{Address, Message, SmtpTransport, Transport as _};
use lotline_common::id::MailId;

use super::rules::{self, Text};

/// How long the mail server may take for each step of the conversation.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Sends mails through one server, from one sender, with links to one app.
pub struct Postman {
    transport: SmtpTransport,
    from: Mailbox,
    home: String,
}

/// Why a mail was not taken, as the mail server said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It will never be.
    Lasting(String),
    /// It may be, later.
    Passing(String),
}

impl Postman {
    /// For a mail server, a sender, and the address at which people reach the app.
    ///
    /// # Errors
    /// When the address of the server or of the sender cannot be read, in words without the password.
    pub fn new(url: &str, from: &str, home: &str) -> anyhow::Result<Self> {
        let url = secured(url.trim()).context("LOTLINE_SMTP_URL")?;
        let transport = SmtpTransport::from_url(&url).context("LOTLINE_SMTP_URL")?.timeout(Some(TIMEOUT)).build();
        let from = from.trim().parse::<Mailbox>().context("LOTLINE_MAIL_FROM")?;
        Ok(Self { transport, from, home: home.to_owned() })
    }

    /// Where the app is.
    #[must_use]
    pub fn home(&self) -> &str {
        &self.home
    }

    /// Sends one mail, and waits until the server has taken it.
    ///
    /// # Errors
    /// When it has not.
    pub fn send(&self, id: MailId, address: &str, text: Text) -> Result<(), Failure> {
        let message = self.message(id, address, text).map_err(|error| Failure::Lasting(format!("{error:#}")))?;
        self.transport.send(&message).map(drop).map_err(|error| failure(&error))
    }

    /// The message. A mail that is sent twice is the same message.
    fn message(&self, id: MailId, address: &str, text: Text) -> anyhow::Result<Message> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address.parse::<Address>()?))
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(AutoSubmitted)
            .subject(text.subject)
            .singlepart(SinglePart::plain(text.body))?;
        Ok(message)
    }
}

fn failure(error: &smtp::Error) -> Failure {
    let lasting =
        error.is_permanent() && error.status().is_some_and(|code| rules::is_about_the_mail(&code.to_string()));
    let said = error.to_string();
    if lasting { Failure::Lasting(said) } else { Failure::Passing(said) }
}

/// The same address, with STARTTLS where somebody signs in: a password goes over TLS alone.
fn secured(url: &str) -> anyhow::Result<String> {
    let (scheme, rest) = url.split_once("://").context("it begins with smtp:// or smtps://")?;
    anyhow::ensure!(!rest.contains(['#', '\t', '\n', '\r']), "a character in it has to be written as %..");
    let place = rest.split(['/', '?']).next().unwrap_or_default();
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    let tls = query.split('&').find_map(|pair| pair.strip_prefix("tls="));
    match (scheme.to_ascii_lowercase().as_str(), place.contains('@'), tls) {
        ("smtps", ..) | ("smtp", false, _) | ("smtp", true, Some("required")) => Ok(url.to_owned()),
        ("smtp", true, None) if query.is_empty() => Ok(format!("{}?tls=required", url.trim_end_matches('?'))),
        ("smtp", true, _) => anyhow::bail!("with a password it takes ?tls=required"),
        _ => anyhow::bail!("it begins with smtp:// or smtps://"),
    }
}

/// Says that no human being wrote it, so that nobody's absence is told back (RFC 3834).
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_signs_in_does_so_over_tls_alone() {
        let plain = "smtp://mail.maker.example:25";
        assert_eq!(secured(plain).unwrap(), plain);
        let safe = "smtps://lotline:secret@mail.maker.example";
        assert_eq!(secured(safe).unwrap(), safe);
        let starts = "smtp://lotline:secret@mail.maker.example:587";
        assert_eq!(secured(starts).unwrap(), format!("{starts}?tls=required"));
        assert_eq!(secured(&format!("{starts}?tls=required")).unwrap(), format!("{starts}?tls=required"));
        assert!(secured(&format!("{starts}?tls=opportunistic")).is_err());
        assert!(secured(&format!("{starts}?other=1")).is_err());
        assert!(secured(&format!("{starts}#x")).is_err());
    }

    #[test]
    fn what_cannot_be_read_is_told_without_the_password() {
        for (url, from) in [
            ("mail.maker.example", "lotline@maker.example"),
            ("http://lotline:secret@mail.maker.example", "lotline@maker.example"),
            ("smtp://lotline:secret@mail.maker.example:port", "lotline@maker.example"),
            ("smtp://lotline:secret@", "lotline@maker.example"),
            ("smtp://lotline:secret@mail.maker.example", "nobody"),
        ] {
            let Err(error) = Postman::new(url, from, "https://lotline.example") else { panic!("{url} {from}") };
            let said = format!("{error:#}");
            assert!(said.starts_with("LOTLINE_") && !said.contains("secret"), "{said}");
        }
        assert!(Postman::new("smtp://127.0.0.1:25", "Lotline <lotline@maker.example>", "http://127.0.0.1").is_ok());
    }

    #[test]
    fn a_message_has_one_recipient_and_its_own_identifier() {
        let postman = Postman::new("smtp://127.0.0.1:25", "lotline@maker.example", "https://lotline.example").unwrap();
        let id = MailId::new();
        let text = Text { subject: "To approve: SL-1\r\nBcc: x@y.example".to_owned(), body: "See it.\n".to_owned() };
        let message = postman.message(id, "li.na@maker.example", text).unwrap();
        assert_eq!(message.envelope().to().len(), 1);
        let written = String::from_utf8(message.formatted()).unwrap();
        let lines: Vec<_> = written.lines().collect();
        assert!(lines.contains(&format!("Message-ID: <{id}@maker.example>").as_str()), "{written}");
        assert!(lines.contains(&"Auto-Submitted: auto-generated"), "{written}");
        assert!(!lines.iter().any(|line| line.starts_with("Bcc")), "{written}");
        assert!(postman.message(id, "nobody", Text { subject: String::new(), body: String::new() }).is_err());
    }
}
