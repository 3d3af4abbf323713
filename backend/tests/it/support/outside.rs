//! Servers of others, on this machine: they speak the real protocol, and lie when they are told to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use chrono::{DateTime, Utc};

/// What such a server answers: status, media type, body.
pub type Reply = (u16, &'static str, Vec<u8>);

/// A web server that answers every POST.
pub struct Web {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Web {
    /// Opens one on a free port; it is told path, media type and body.
    pub fn open(mut answer: impl FnMut(&str, &str, &[u8]) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, stopped) = (listener.local_addr().unwrap(), Arc::new(AtomicBool::new(false)));
        let flag = stopped.clone();
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if flag.load(Ordering::Relaxed) {
                    break;
                }
                serve(stream.unwrap(), &mut answer);
            }
        });
        Self { address, stopped, thread: Some(thread) }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(self.address));
        drop(self.thread.take().unwrap().join());
    }
}

fn serve(mut stream: TcpStream, answer: &mut impl FnMut(&str, &str, &[u8]) -> Reply) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut first, mut media_type, mut length) = (String::new(), String::new(), 0);
    reader.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "content-type" => media_type = value.to_owned(),
            _ => (),
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let path = first.split(' ').nth(1).unwrap_or_default();
    let (status, media_type, body) = answer(path, &media_type, &body);
    let head = format!(
        "HTTP/1.1 {status} Answer\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    // Whoever asked may have hung up at the sight of too much.
    drop(stream.write_all(&[head.into_bytes(), body].concat()));
}

/// A time server.
pub struct TimeServer {
    /// Its address.
    pub address: SocketAddr,
    /// What it tells; nothing when it is silent.
    pub time: Arc<Mutex<Option<DateTime<Utc>>>>,
    /// How often it was asked.
    pub asked: Arc<Mutex<usize>>,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Seconds from 1900, in which the protocol counts, to 1970.
const ERA: i64 = 2_208_988_800;

impl TimeServer {
    /// Opens one on a free port.
    pub fn open(time: DateTime<Utc>) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let mut server = Self {
            address: socket.local_addr().unwrap(),
            time: Arc::new(Mutex::new(Some(time))),
            asked: Arc::default(),
            stopped: Arc::default(),
            thread: None,
        };
        let (told, asked, stopped) = (server.time.clone(), server.asked.clone(), server.stopped.clone());
        let thread = std::thread::spawn(move || {
            let mut question = [0; 64];
            loop {
                let (length, from) = socket.recv_from(&mut question).unwrap();
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                *asked.lock().unwrap() += 1;
                // Silent: what is sent back is too short to be an answer.
                let answer = told.lock().unwrap().map(|time| reply(&question[..length], time)).unwrap_or_default();
                socket.send_to(&answer, from).unwrap();
            }
        });
        server.thread = Some(thread);
        server
    }
}

/// An answer of a server of the first stratum (RFC 5905, section 7.3).
fn reply(question: &[u8], time: DateTime<Utc>) -> Vec<u8> {
    let seconds = u32::try_from(time.timestamp() + ERA).unwrap().to_be_bytes();
    let fraction = u64::from(time.timestamp_subsec_nanos()) * (1 << 32) / 1_000_000_000;
    let fraction = u32::try_from(fraction).unwrap().to_be_bytes();
    let stamp = [seconds, fraction].concat();
    // Version 4, server; stratum 1; precision; no delay or dispersion; the clock's name.
    let head = [0x24, 1, 0, 0xec, 0, 0, 0, 0, 0, 0, 0, 0, b'G', b'P', b'S', 0];
    [head.as_slice(), &stamp, &question[40..48], &stamp, &stamp].concat()
}

impl Drop for TimeServer {
    fn drop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.stopped.store(true, Ordering::Relaxed);
        let waker = UdpSocket::bind("127.0.0.1:0").unwrap();
        waker.send_to(&[0], self.address).unwrap();
        drop(thread.join());
    }
}
