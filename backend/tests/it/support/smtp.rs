//! A mail server on this machine: it speaks the real protocol (RFC 5321), keeps what it takes, and refuses when it is told to.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A mail that was taken.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// Sender of the envelope.
    pub from: String,
    /// Recipients of the envelope.
    pub to: Vec<String>,
    /// Headers, each in one line, as they came.
    pub headers: Vec<String>,
    /// Subject, to be read.
    pub subject: String,
    /// Body, to be read.
    pub body: String,
}

/// What such a server remembers.
#[derive(Debug, Default)]
struct Memory {
    taken: Vec<Taken>,
    asked: usize,
    refusal: Option<String>,
}

/// A mail server.
pub struct MailServer {
    address: SocketAddr,
    memory: Arc<Mutex<Memory>>,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl MailServer {
    /// Opens one on a free port.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, stopped) = (listener.local_addr().unwrap(), Arc::new(AtomicBool::new(false)));
        let memory: Arc<Mutex<Memory>> = Arc::default();
        let (flag, kept) = (stopped.clone(), memory.clone());
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if flag.load(Ordering::Relaxed) {
                    break;
                }
                // Whoever was refused may hang up at any time.
                drop(converse(stream.unwrap(), &kept));
            }
        });
        Self { address, memory, stopped, thread: Some(thread) }
    }

    /// Its address, as the server's settings name it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// What it took so far, the first first.
    pub fn taken(&self) -> Vec<Taken> {
        self.memory.lock().unwrap().taken.clone()
    }

    /// How many recipients it was asked to take so far.
    pub fn asked(&self) -> usize {
        self.memory.lock().unwrap().asked
    }

    /// Answers this to every recipient from now on; nothing: takes them.
    pub fn refuse(&self, refusal: Option<&str>) {
        self.memory.lock().unwrap().refusal = refusal.map(str::to_owned);
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(self.address));
        drop(self.thread.take().unwrap().join());
    }
}

/// One conversation, until the other side ends it.
fn converse(mut stream: TcpStream, memory: &Mutex<Memory>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut mail = Taken::default();
    stream.write_all(b"220 mail.maker.example ESMTP\r\n")?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let command = line.trim_end();
        let answer = match command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => "250-mail.maker.example\r\n250 8BITMIME".to_owned(),
            "MAIL" => {
                mail = Taken { from: address(command), ..Taken::default() };
                "250 sender ok".to_owned()
            }
            "RCPT" => {
                let mut memory = memory.lock().unwrap();
                memory.asked += 1;
                if memory.refusal.is_none() {
                    mail.to.push(address(command));
                }
                memory.refusal.clone().unwrap_or_else(|| "250 recipient ok".to_owned())
            }
            "DATA" if mail.to.is_empty() => "503 nobody to send it to".to_owned(),
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                let written = content(&mut lines)?;
                memory.lock().unwrap().taken.push(read(mail.clone(), &written));
                "250 taken".to_owned()
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => "502 not here".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes())?;
    }
}

/// The address in `MAIL FROM:<…>` and `RCPT TO:<…>`.
fn address(command: &str) -> String {
    let (_, rest) = command.split_once('<').unwrap();
    rest.split_once('>').unwrap().0.to_owned()
}

/// What is sent after `DATA`, up to the line of one dot.
fn content(lines: &mut impl std::io::BufRead) -> std::io::Result<String> {
    let mut written = String::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        if line == ".\r\n" || line.is_empty() {
            return Ok(written);
        }
        written.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

/// The message as its reader sees it.
fn read(mail: Taken, written: &str) -> Taken {
    let (head, body) = written.split_once("\r\n\r\n").unwrap();
    let headers: Vec<_> = head.replace("\r\n ", " ").split("\r\n").map(str::to_owned).collect();
    let header = |name: &str| {
        let mut values = headers.iter().filter_map(|header| header.split_once(": "));
        values.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).unwrap_or_default()
    };
    let subject = words(header("subject"));
    let body = match header("content-transfer-encoding") {
        "base64" => STANDARD.decode(body.replace("\r\n", "")).unwrap(),
        "quoted-printable" => unquoted(body),
        _ => body.as_bytes().to_vec(),
    };
    let body = String::from_utf8(body).unwrap().replace("\r\n", "\n");
    Taken { subject, body, headers, ..mail }
}

/// A header of encoded words (RFC 2047).
fn words(header: &str) -> String {
    let (mut read, mut after_encoded) = (Vec::new(), true);
    for word in header.split(' ') {
        let encoded = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
        // Between two encoded words the space is no part of the text.
        if !(read.is_empty() || after_encoded && encoded.is_some()) {
            read.push(b' ');
        }
        after_encoded = encoded.is_some();
        read.extend(encoded.map_or_else(|| word.as_bytes().to_vec(), |word| STANDARD.decode(word).unwrap()));
    }
    String::from_utf8(read).unwrap()
}

/// Quoted-printable (RFC 2045, section 6.7).
fn unquoted(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let mut parts = joined.split('=');
    let mut read = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at(2);
        read.push(u8::from_str_radix(code, 16).unwrap());
        read.extend(rest.as_bytes());
    }
    read
}
