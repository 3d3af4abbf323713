//! The books as they should be: a plain map of positions and a journal of what moved, written without a look at the
//! rules of the product. Quantities are whole numbers; time is minutes since the tests' clock began.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, TimeDelta, TimeZone as _, Utc};
use lotline_common::ledger::{LotStatus, StockStatus};

/// Where material can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    Supplier,
    Born,
    Adjusted,
    Quarantine,
    Store,
    Shelf,
    Line,
    OnTheWay(usize),
    Custody(usize),
    Returning(usize),
    Claimed(usize),
    Consumed,
    Scrapped,
    Sold,
}

impl Spot {
    /// Beyond the books: quantities come from here.
    pub fn is_beyond(self) -> bool {
        matches!(self, Self::Supplier | Self::Born | Self::Adjusted)
    }

    /// In the own house.
    pub fn is_own(self) -> bool {
        matches!(self, Self::Quarantine | Self::Store | Self::Shelf | Self::Line)
    }

    /// On a shelf that material is issued from.
    pub fn is_store(self) -> bool {
        matches!(self, Self::Store | Self::Shelf)
    }

    /// With a subcontractor, or on the way to or from one.
    pub fn is_out(self) -> bool {
        matches!(self, Self::OnTheWay(_) | Self::Custody(_) | Self::Returning(_) | Self::Claimed(_))
    }

    /// For good.
    pub fn is_gone(self) -> bool {
        matches!(self, Self::Consumed | Self::Scrapped | Self::Sold)
    }
}

/// A place, the status there, and the order on whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub spot: Spot,
    pub status: StockStatus,
    pub order: Option<usize>,
}

/// Something on nobody's account.
pub const fn own(spot: Spot, status: StockStatus) -> Place {
    Place { spot, status, order: None }
}

/// Something usable on an order's account.
pub const fn on(spot: Spot, order: usize) -> Place {
    Place { spot, status: StockStatus::Available, order: Some(order) }
}

/// A position.
pub type Key = (Place, usize);

/// So much of a lot, from here to there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    pub lot: usize,
    pub quantity: i64,
    pub from: Place,
    pub to: Place,
}

impl Move {
    /// What undoes it.
    pub fn mirrored(self) -> Self {
        Self { from: self.to, to: self.from, ..self }
    }
}

/// A move in the journal: when it happened, when it was written.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub moved: Move,
    pub at: i64,
    pub written: i64,
}

/// What a lot is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    Bar,
    Wire,
    Screw,
    Implant,
}

impl Item {
    pub const ALL: [Self; 4] = [Self::Bar, Self::Wire, Self::Screw, Self::Implant];

    /// One piece under each number.
    pub fn is_serial(self) -> bool {
        self == Self::Implant
    }
}

/// A lot.
#[derive(Debug, Clone)]
pub struct Lot {
    pub item: Item,
    pub code: String,
    pub status: LotStatus,
    /// Quality released it once.
    pub released: bool,
    pub expires_on: Option<NaiveDate>,
}

/// Stock and time.
#[derive(Debug, Clone, Default)]
pub struct Books {
    pub now: i64,
    pub closed: BTreeSet<(i32, u32)>,
    pub lots: Vec<Lot>,
    pub stock: BTreeMap<Key, i64>,
    pub promised: BTreeMap<Key, i64>,
    pub journal: Vec<Entry>,
}

/// Why something cannot be.
pub type Verdict = Result<(), &'static str>;

/// Refuses with these words unless it is so.
pub fn must(so: bool, why: &'static str) -> Verdict {
    if so { Ok(()) } else { Err(why) }
}

/// The instant that a number of minutes stands for.
pub fn instant(minutes: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 1, 0, 0).unwrap() + TimeDelta::minutes(minutes)
}

/// The calendar day in Shanghai.
pub fn day(minutes: i64) -> NaiveDate {
    instant(minutes).with_timezone(&FixedOffset::east_opt(8 * 3600).unwrap()).date_naive()
}

/// The calendar month in Shanghai.
pub fn month(minutes: i64) -> (i32, u32) {
    (day(minutes).year(), day(minutes).month())
}

impl Books {
    /// What is at a position.
    pub fn at(&self, key: Key) -> i64 {
        self.stock.get(&key).copied().unwrap_or_default()
    }

    /// What of it nobody was promised.
    pub fn free(&self, key: Key) -> i64 {
        self.at(key) - self.promised.get(&key).copied().unwrap_or_default()
    }

    /// How much of what `wanted` says is there.
    pub fn sum(&self, wanted: impl Fn(&Key) -> bool) -> i64 {
        self.stock.iter().filter(|(key, _)| wanted(key)).map(|(_, quantity)| quantity).sum()
    }

    /// Positions with something at them.
    pub fn positions(&self, wanted: impl Fn(&Key) -> bool) -> Vec<(Key, i64)> {
        self.stock.iter().filter(|(key, quantity)| **quantity > 0 && wanted(key)).map(|(key, n)| (*key, *n)).collect()
    }

    /// Whether a lot is past its last day.
    pub fn is_expired(&self, lot: usize) -> bool {
        self.lots[lot].expires_on.is_some_and(|last| last < day(self.now))
    }

    /// Whether a lot may go on.
    pub fn check_usable(&self, lot: usize) -> Verdict {
        must(self.lots[lot].status == LotStatus::Released, "the lot is not released")?;
        must(!self.is_expired(lot), "the lot is expired")
    }

    /// What is recalled goes into nothing, and out to nobody.
    pub fn check_not_recalled(&self, lots: &[(usize, i64)]) -> Verdict {
        must(lots.iter().all(|(lot, _)| self.lots[*lot].status != LotStatus::Recalled), "the lot is recalled")
    }

    /// Whether something may be promised: on a shelf, usable there, of a lot that may go on.
    pub fn is_promisable(&self, (place, lot): &Key) -> bool {
        place.spot.is_store() && place.status == StockStatus::Available && self.check_usable(*lot).is_ok()
    }

    fn changes(moves: &[Move]) -> BTreeMap<Key, i64> {
        let mut changes = BTreeMap::new();
        for moved in moves {
            for (place, change) in [(moved.from, -moved.quantity), (moved.to, moved.quantity)] {
                if !place.spot.is_beyond() {
                    *changes.entry((place, moved.lot)).or_default() += change;
                }
            }
        }
        changes
    }

    /// The least that stood at a position at any time since.
    fn lowest_since(&self, key: Key, at: i64) -> i64 {
        let change = |entry: &Entry| {
            let part = |place: Place, sign: i64| if (place, entry.moved.lot) == key { sign } else { 0 };
            entry.moved.quantity * (part(entry.moved.to, 1) + part(entry.moved.from, -1))
        };
        let standing =
            |time: i64| -> i64 { self.journal.iter().filter(|entry| entry.at <= time).map(change).sum::<i64>() };
        let later = self.journal.iter().map(|entry| entry.at).filter(|time| *time > at);
        later.chain([at]).map(standing).min().unwrap_or_default()
    }

    /// Whether moves can be: nothing below zero now or at any time since they happened (I1), nothing that is promised to
    /// others, not in the future, not in a closed month. `kept` is what of the promises they keep.
    pub fn check(&self, moves: &[Move], at: i64, kept: &BTreeMap<Key, i64>) -> Verdict {
        must(at <= self.now, "it has not happened yet")?;
        must(!self.closed.contains(&month(at)), "the month is closed")?;
        must(moves.iter().all(|moved| moved.quantity > 0), "nothing moves")?;
        for (key, change) in Self::changes(moves) {
            let kept = kept.get(&key).copied().unwrap_or_default();
            must(change >= 0 || self.free(key) + kept + change >= 0, "there is not that much")?;
            must(change >= 0 || self.lowest_since(key, at) + change >= 0, "it was not there at the time")?;
        }
        moves.iter().try_for_each(|moved| self.check_once(moved.lot, moves))
    }

    /// I12: a serial number is in one place at most.
    pub fn check_once(&self, lot: usize, moves: &[Move]) -> Verdict {
        let is_serial = self.lots.get(lot).is_some_and(|lot| lot.item.is_serial());
        let change: i64 = Self::changes(moves).iter().filter(|((_, of), _)| *of == lot).map(|(_, change)| change).sum();
        must(
            !is_serial || change <= 0 || self.sum(|(_, of)| *of == lot) + change <= 1,
            "the serial number is elsewhere",
        )
    }

    /// Moves. The promises that are kept are gone.
    pub fn apply(&mut self, moves: &[Move], at: i64, kept: &BTreeMap<Key, i64>) {
        for (key, change) in Self::changes(moves) {
            *self.stock.entry(key).or_default() += change;
        }
        for (key, quantity) in kept {
            *self.promised.entry(*key).or_default() -= quantity;
        }
        let written = self.now;
        self.journal.extend(moves.iter().map(|moved| Entry { moved: *moved, at, written }));
    }

    /// What went one way less what came back.
    pub fn net(&self, from: impl Fn(&Key) -> bool, to: impl Fn(&Key) -> bool) -> i64 {
        let way = |moved: &Move| {
            let (here, there) = ((moved.from, moved.lot), (moved.to, moved.lot));
            match (from(&here) && to(&there), from(&there) && to(&here)) {
                (true, false) => moved.quantity,
                (false, true) => -moved.quantity,
                _ => 0,
            }
        };
        self.journal.iter().map(|entry| way(&entry.moved)).sum()
    }
}
