//! The clock that heads are dated with, compared with a time server (SNTP). As long as it is off, nothing is signed.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use lotline_common::record::{ClockStatus, RecordTrouble};
use rsntp::{Config, SntpClient};

use super::RecordLog;
use crate::db::Db;

/// Time between two comparisons.
const INTERVAL: TimeDelta = TimeDelta::seconds(64);
/// Time between two while the clock is off or was never compared, so that signing goes on soon.
const INTERVAL_IN_TROUBLE: TimeDelta = TimeDelta::seconds(8);
/// How long a time server may be silent before it is told.
const SILENCE: TimeDelta = TimeDelta::minutes(10);
/// How long to wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Port of the protocol.
const PORT: u16 = 123;

/// What the clock is compared with.
#[derive(Debug, Clone)]
pub struct ClockSettings {
    /// Host of a time server, with a port where it is not 123. Unset: the clock is not compared.
    pub server: Option<String>,
    /// How far the clock may be off.
    pub limit: TimeDelta,
}

#[derive(Default)]
struct Compared {
    tried_at: Option<DateTime<Utc>>,
    first_tried_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    drift: Option<TimeDelta>,
}

/// The clock, as it was compared last.
pub(super) struct Watch {
    settings: ClockSettings,
    compared: Mutex<Compared>,
}

impl Watch {
    pub fn new(settings: ClockSettings) -> Self {
        Self { settings, compared: Mutex::default() }
    }

    fn compared(&self) -> MutexGuard<'_, Compared> {
        self.compared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the clock may be off.
    pub const fn limit(&self) -> TimeDelta {
        self.settings.limit
    }

    /// Whether it is known to be off.
    pub fn is_off(&self) -> bool {
        self.compared().drift.is_some_and(|drift| drift.abs() > self.settings.limit)
    }

    /// Whether heads may be dated with it: it is not off, and where there is a time server, that was asked.
    pub fn may_date(&self) -> bool {
        !self.is_off() && (self.settings.server.is_none() || self.compared().tried_at.is_some())
    }

    /// What is wrong with it.
    pub fn trouble(&self, now: DateTime<Utc>) -> Option<RecordTrouble> {
        if self.is_off() {
            return Some(RecordTrouble::ClockOff);
        }
        let compared = self.compared();
        let heard = compared.answered_at.or(compared.first_tried_at)?;
        (now - heard > SILENCE).then_some(RecordTrouble::ClockUnchecked)
    }

    /// How it was compared; nothing where there is no time server.
    pub fn status(&self) -> Option<ClockStatus> {
        let compared = self.compared();
        Some(ClockStatus {
            server: self.settings.server.clone()?,
            limit_milliseconds: self.settings.limit.num_milliseconds(),
            drift_milliseconds: compared.drift.map(|drift| drift.num_milliseconds()),
            checked_at: compared.answered_at,
        })
    }

    /// The time server to be asked now, if it is time; from then on it counts as asked.
    fn due(&self, now: DateTime<Utc>) -> Option<String> {
        let server = self.settings.server.clone()?;
        let mut compared = self.compared();
        let in_trouble = compared.drift.is_none_or(|drift| drift.abs() > self.settings.limit);
        let interval = if in_trouble { INTERVAL_IN_TROUBLE } else { INTERVAL };
        // A clock that was set back would otherwise wait until it is where it was.
        let due = compared.tried_at.is_none_or(|tried| (now - tried).abs() >= interval);
        due.then(|| {
            compared.first_tried_at.get_or_insert(now);
            server
        })
    }
}

/// Time that a server tells.
fn ask(server: &str) -> anyhow::Result<DateTime<Utc>> {
    let address = resolve(server).with_context(|| format!("the time server {server}"))?;
    let own: SocketAddr =
        if address.is_ipv4() { (Ipv4Addr::UNSPECIFIED, 0).into() } else { (Ipv6Addr::UNSPECIFIED, 0).into() };
    let client = SntpClient::with_config(Config::default().bind_address(own).timeout(TIMEOUT));
    let told = client.synchronize(address).with_context(|| format!("asking the time server {server}"))?;
    let told = told.datetime().into_chrono_datetime().with_context(|| format!("the time that {server} tells"))?;
    Ok(told)
}

fn resolve(server: &str) -> anyhow::Result<SocketAddr> {
    let with_port = server.to_socket_addrs().or_else(|_| (server, PORT).to_socket_addrs());
    with_port?.next().context("has no address")
}

impl RecordLog {
    /// Compares the clock with the time server, when it is time. A server that does not answer leaves what was known.
    pub fn check_clock_when_due(&self, db: &Db) {
        let Some(server) = self.watch.due(db.now()) else { return };
        let answer = ask(&server);
        let (now, was_off) = (db.now(), self.watch.is_off());
        {
            let mut compared = self.watch.compared();
            compared.tried_at = Some(now);
            match &answer {
                Ok(told) => {
                    compared.answered_at = Some(now);
                    compared.drift = Some(now - *told);
                }
                Err(error) => tracing::warn!("the clock was not compared: {error:#}"),
            }
        }
        match (was_off, self.watch.is_off()) {
            (false, true) => tracing::error!("the clock is off: the record is not signed until it is right again"),
            (true, false) => tracing::info!("the clock is right again"),
            _ => (),
        }
    }
}
