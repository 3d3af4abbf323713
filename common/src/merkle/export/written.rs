//! Reads the line of an event as [`write_event`](super::write_event) writes it, with its JSON canonical as it is hashed
//! (RFC 8785): without white space, and with few ways to write a thing. A record has millions of events, and reading
//! one as any JSON takes ten times as long as hashing it.
//!
//! Every byte is gone past, from the first of the line to the last, and only as JSON allows. No end is looked for:
//! what looks like the end of an event, a commitment or openings within a text is passed with the text, up to its
//! closing quote, the first that is marked as one (`marks`) from where the text begins. So a line that is taken here is
//! one that serde_json takes, and both read the same in it, which the tests compare on lines that were tampered with; and
//! what is hashed is exactly the one JSON value that stands there. Whatever is out of the ordinary, and whatever is wrong,
//! gives nothing: the line is read in the general way then, which says what is wrong.

mod marks;

use std::borrow::Cow;

use uuid::Uuid;

use self::marks::Marks;
use super::super::checkpoint::decimal;
use super::super::committed::{AllCommitted, Committed, Step, pointer};
use super::super::opening::{self, Opened, Opening};
use super::super::{event_hash, hex};
use super::{CONTENT, EVENT, EventContent, EventLine, LEAF_HASH, OPENINGS, signed};
use crate::audit::AuditAction;
use crate::signing::statement::{self, BRACKET, MARK};

/// Levels that are walked through at most; the general way goes further, and no event goes as far.
const LEVELS: usize = 64;
/// Digits of a number at most before its point: with many more it would be none that the general way takes.
const DIGITS: usize = 20;
/// How what stands in the place of a personal value begins, behind its bracket.
const COMMITS: &str = "\"commitment\":\"";
// What stands between the parts of an opening as PostgreSQL writes it.
const PATH: &str = "{\"path\": ";
const SALT: &str = ", \"salt\": ";
const VALUE: &str = ", \"value\": ";

/// Reads a line, without its end; nothing when it is written in another way, or something is wrong with it.
pub(super) fn read(line: &[u8]) -> Option<EventLine<'_>> {
    let mut walk = Walk::over(simdutf8::basic::from_utf8(line).ok()?);
    walk.pass(EVENT)?;
    let index = walk.count()?;
    walk.pass(LEAF_HASH)?;
    let stated = walk.plain()?;
    let stated = hex::decode(walk.text(stated)?)?;
    walk.pass(CONTENT)?;
    let begins = walk.at;
    let told = walk.event()?;
    let json = walk.line.get(begins..walk.at)?;
    let personal = Some(walk.openings()?);
    let is_passkey = told.action == Some(AuditAction::PasskeyAdded.as_str());
    let content = EventContent {
        aggregate_kind: told.aggregate_kind?,
        aggregate_id: told.aggregate_id?,
        aggregate_seq: told.aggregate_seq?,
        organisation: told.organisation?,
        previous_hash: told.previous_hash,
        details: AllCommitted::default(),
    };
    let leaf = event_hash(json.as_bytes());
    let signed = if walk.is_signed { signed(json) } else { Ok(None) };
    let passkey = is_passkey.then(|| statement::passkey_of(json)).flatten().map(Box::new);
    let is_right = leaf == stated && signed.is_ok();
    is_right.then_some(EventLine { index, stated, leaf, content, personal, signed, passkey })
}

/// What an event tells of itself.
#[derive(Default)]
struct Told<'a> {
    action: Option<&'a str>,
    aggregate_id: Option<Uuid>,
    aggregate_kind: Option<&'a str>,
    aggregate_seq: Option<u64>,
    organisation: Option<Uuid>,
    previous_hash: Option<&'a str>,
}

/// A text without escapes: the bytes between its quotes.
#[derive(Clone, Copy)]
struct Span {
    begins: usize,
    ends: usize,
}

/// What a value stands in.
#[derive(Clone, Copy)]
enum Level {
    /// An object, in the field of this name.
    Field(Span),
    /// An array, in this place.
    Place(usize),
}

/// A way through a line. Whatever passes something answers nothing where something else stands.
struct Walk<'a> {
    line: &'a str,
    marks: Marks,
    /// The byte that comes next.
    at: usize,
    /// From the value that the walk went into to the one that it is at.
    way: Vec<Level>,
    /// Whether openings stand at the end of the line: only then it matters where the commitments stand.
    has_openings: bool,
    /// Commitments that were passed, where that matters.
    committed: Vec<Committed<'a>>,
    /// How many were.
    commitments: u64,
    /// Whether what marks a signature was passed.
    is_signed: bool,
}

impl<'a> Walk<'a> {
    fn over(line: &'a str) -> Self {
        Self {
            line,
            marks: Marks::of(line.as_bytes()),
            at: 0,
            way: Vec::with_capacity(16),
            has_openings: line.ends_with("]}"),
            committed: Vec::new(),
            commitments: 0,
            is_signed: false,
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.line.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = self.line.as_bytes().get(self.at)?;
        self.at += 1;
        Some(*byte)
    }

    /// Passes what is known.
    #[inline]
    fn pass(&mut self, known: &str) -> Option<()> {
        let is_there = self.rest().starts_with(known.as_bytes());
        is_there.then(|| self.at += known.len())
    }

    /// Passes a text up to its closing quote or its first escape, or to a control character, which is not passed.
    #[inline]
    fn plain(&mut self) -> Option<Span> {
        let begins = self.at;
        self.at = self.marks.next(begins)?;
        Some(Span { begins, ends: self.at })
    }

    fn text(&self, span: Span) -> Option<&'a str> {
        self.line.get(span.begins..span.ends)
    }

    /// Passes a text that has no escapes, with its quotes.
    fn quoted(&mut self) -> Option<&'a str> {
        self.pass("\"")?;
        let span = self.plain()?;
        self.pass("\"")?;
        self.text(span)
    }

    /// Passes the name of a field and its colon.
    fn name(&mut self) -> Option<Span> {
        self.pass("\"")?;
        let span = self.plain()?;
        self.pass("\":")?;
        Some(span)
    }

    /// Passes a text behind its first quote.
    fn string(&mut self) -> Option<()> {
        loop {
            self.plain()?;
            let escape = match self.rest() {
                [b'"', ..] => {
                    self.at += 1;
                    return Some(());
                }
                [b'\\', b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
                [b'\\', b'u', b'0', b'0', b'0' | b'1', b'0'..=b'9' | b'a'..=b'f', ..] => 6,
                _ => return None,
            };
            self.at += escape;
        }
    }

    fn digits(&mut self) -> usize {
        let many = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += many;
        many
    }

    /// Passes a number that counts something.
    fn count(&mut self) -> Option<u64> {
        let begins = self.at;
        self.digits();
        decimal(self.line.get(begins..self.at)?)
    }

    /// Passes a number behind its first digit.
    fn number(&mut self, first: u8) -> Option<()> {
        let more = self.digits();
        let is_number = first.is_ascii_digit() && (first != b'0' || more == 0) && more < DIGITS;
        let is_whole = self.pass(".").is_none();
        (is_number && (is_whole || self.digits() > 0)).then_some(())
    }

    /// Passes a value in which no other stands, behind its first byte.
    fn scalar(&mut self, first: u8) -> Option<()> {
        match first {
            b'"' => self.string(),
            b'n' => self.pass("ull"),
            b't' => self.pass("rue"),
            b'f' => self.pass("alse"),
            b'-' => {
                let first = self.byte()?;
                self.number(first)
            }
            _ => self.number(first),
        }
    }

    /// Passes a value with everything in it.
    fn value(&mut self) -> Option<()> {
        loop {
            let is_begun = match self.byte()? {
                b'{' => self.object()?,
                b'[' => self.array()?,
                first => self.scalar(first).map(|()| false)?,
            };
            if !is_begun && !self.follow()? {
                return Some(());
            }
        }
    }

    /// Passes an object behind its bracket: as a whole when it is empty or a commitment, else up to its first value.
    fn object(&mut self) -> Option<bool> {
        if self.pass("}").is_some() || self.commitment()? {
            return Some(false);
        }
        // What marks a signature stands around a bracket and nowhere else: in a text its quotes are escaped.
        let around = self.at.checked_sub(BRACKET).and_then(|begins| self.line.as_bytes().get(begins..));
        self.is_signed |= around.is_some_and(|around| around.starts_with(MARK.as_bytes()));
        let field = self.name()?;
        self.begin(Level::Field(field))
    }

    /// Passes an array behind its bracket: as a whole when it is empty, else up to its first value.
    fn array(&mut self) -> Option<bool> {
        if self.pass("]").is_some() { Some(false) } else { self.begin(Level::Place(0)) }
    }

    fn begin(&mut self, level: Level) -> Option<bool> {
        let is_begun = self.way.len() < LEVELS;
        is_begun.then(|| self.way.push(level))?;
        Some(true)
    }

    /// Goes on behind a value, to the next one beside it or above; false when it is the value with which the way began.
    fn follow(&mut self) -> Option<bool> {
        while let Some(level) = self.way.last().copied() {
            let next = match (level, self.byte()?) {
                (Level::Field(_), b',') => Level::Field(self.name()?),
                (Level::Place(place), b',') => Level::Place(place + 1),
                (Level::Field(_), b'}') | (Level::Place(_), b']') => {
                    self.way.pop();
                    continue;
                }
                _ => return None,
            };
            *self.way.last_mut()? = next;
            return Some(true);
        }
        Some(false)
    }

    /// Passes an object behind its bracket when it is a commitment: one field of this name, a text.
    fn commitment(&mut self) -> Option<bool> {
        let begun = self.at;
        if self.pass(COMMITS).is_none() {
            return Some(false);
        }
        let hash = self.plain()?;
        if self.pass("\"}").is_none() {
            // With another field it is none; with an escape it may be one, which the general way knows.
            let is_more = self.rest().starts_with(b"\"");
            self.at = begun;
            return is_more.then_some(false);
        }
        self.commitments += 1;
        if self.has_openings {
            let path = pointer(self.way.iter().map(|level| self.step(*level)));
            let hash = Cow::Borrowed(self.text(hash)?);
            self.committed.push(Committed { path, hash });
        }
        Some(true)
    }

    fn step(&self, level: Level) -> Step<'a> {
        match level {
            Level::Field(name) => Step::Field(self.text(name).unwrap_or_default()),
            Level::Place(place) => Step::Place(place),
        }
    }

    /// Passes an event. Its fields stand in order, so that none of them is told twice.
    fn event(&mut self) -> Option<Told<'a>> {
        self.pass("{")?;
        let (mut told, mut last) = (Told::default(), "");
        loop {
            let name = self.name()?;
            let name = self.text(name).filter(|name| last < *name)?;
            last = name;
            match name {
                "action" => told.action = Some(self.quoted()?),
                "aggregate_id" => told.aggregate_id = Some(self.quoted()?.parse().ok()?),
                "aggregate_kind" => told.aggregate_kind = Some(self.quoted()?),
                "aggregate_seq" => told.aggregate_seq = Some(self.count()?),
                "details" => self.value()?,
                "organisation" => told.organisation = Some(self.quoted()?.parse().ok()?),
                "previous_hash" => {
                    let is_none = self.pass("null").is_some();
                    told.previous_hash = if is_none { None } else { Some(self.quoted()?) };
                }
                _ => {
                    let first = self.byte()?;
                    self.scalar(first)?;
                }
            }
            match self.byte()? {
                b',' => (),
                b'}' => return Some(told),
                _ => return None,
            }
        }
    }

    /// Compares the openings, with which the line ends, with the commitments that were passed.
    fn openings(&mut self) -> Option<Opened> {
        if self.rest() == b"}" {
            return Some(Opened { opened: 0, erased: self.commitments });
        }
        self.pass(OPENINGS).filter(|()| self.has_openings)?;
        let begins = self.at;
        let openings = match self.stored_openings() {
            Some(openings) => openings,
            None => serde_json::from_str(self.line.get(begins..)?.strip_suffix('}')?).ok()?,
        };
        opening::open(&self.committed, &openings)
    }

    /// Passes openings as PostgreSQL writes them, and the end of the line.
    fn stored_openings(&mut self) -> Option<Vec<Opening<'a>>> {
        let mut openings = Vec::with_capacity(self.committed.len());
        self.pass("[")?;
        loop {
            self.pass(PATH)?;
            let path = self.quoted()?.into();
            self.pass(SALT)?;
            let salt = self.quoted()?.into();
            self.pass(VALUE)?;
            let value = self.quoted()?.into();
            openings.push(Opening { path, value, salt });
            if self.pass("}, ").is_none() {
                break;
            }
        }
        self.pass("}]}")?;
        self.rest().is_empty().then_some(openings)
    }
}

#[cfg(test)]
mod tests;
