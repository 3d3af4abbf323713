//! Live events: what one transaction changed, told to every open page of every server through
//! PostgreSQL's LISTEN and NOTIFY.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use lotline_common::id::{OrganisationId, PartnerId};
use lotline_common::system::LiveEvent;
use serde::Deserialize;
use tokio::sync::broadcast;

use crate::db::OpCtx;

/// Events kept for a page that is slow to read; a page that falls further behind reads anew.
const BACKLOG: usize = 256;
/// How often the connection is asked for news.
const POLL: Duration = Duration::from_millis(50);

/// An event with the walls it stands behind.
#[derive(Debug, Clone, Deserialize)]
pub struct Notice {
    org: OrganisationId,
    partner: Option<PartnerId>,
    event: LiveEvent,
}

impl Notice {
    /// The event, for someone who may hear of it.
    #[must_use]
    pub fn for_listener(&self, ctx: &OpCtx) -> Option<&LiveEvent> {
        let same_partner = ctx.partner.is_none() || ctx.partner == self.partner;
        (self.org == ctx.org && same_partner).then_some(&self.event)
    }
}

/// Hands notices to the pages that listen.
#[derive(Clone)]
pub struct LiveHub {
    sender: broadcast::Sender<Notice>,
    stopped: Arc<AtomicBool>,
}

impl LiveHub {
    /// Starts listening on a connection of its own.
    #[must_use]
    pub fn start(url: String) -> Self {
        let (sender, _) = broadcast::channel(BACKLOG);
        let hub = Self { sender, stopped: Arc::new(AtomicBool::new(false)) };
        let listener = hub.clone();
        std::thread::spawn(move || {
            while !listener.stopped.load(Ordering::Relaxed) {
                if let Err(error) = listener.listen(&url) {
                    tracing::warn!(%error, "live events interrupted");
                    std::thread::sleep(Duration::from_secs(1));
                }
            }
        });
        hub
    }

    fn listen(&self, url: &str) -> anyhow::Result<()> {
        let mut connection = PgConnection::establish(url)?;
        connection.batch_execute("LISTEN lotline")?;
        while !self.stopped.load(Ordering::Relaxed) {
            for notification in connection.notifications_iter() {
                match serde_json::from_str(&notification?.payload) {
                    Ok(notice) => drop(self.sender.send(notice)),
                    Err(error) => tracing::warn!(%error, "a notice that cannot be read"),
                }
            }
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    /// Everything from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.sender.subscribe()
    }

    /// Ends the listening thread.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}
