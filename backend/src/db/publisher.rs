//! Tells PostgreSQL's listeners what was committed, after it was. A NOTIFY inside a transaction makes all commits of the
//! database wait for each other, each until it is on the disk; told afterwards, what gathers meanwhile goes in one breath.
//! An event is a hint to read anew: one that is lost with the server is made up for when its pages connect again.

use std::sync::mpsc::{Receiver, Sender, channel};

use diesel::pg::PgConnection;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::sql_types::{Array, Text};
use lotline_common::id::{OrganisationId, PartnerId};
use lotline_common::system::LiveEvent;

use super::cached::PreparedOnce as _;

/// An event, and the subcontractor that may hear of it too.
pub type Hint = (Option<PartnerId>, LiveEvent);

/// Hands events to a thread of its own, which ends with the last handle.
#[derive(Clone)]
pub struct Publisher {
    sender: Sender<String>,
}

impl Publisher {
    /// Starts the thread. It borrows connections from the pool.
    #[must_use]
    pub fn start(pool: Pool<ConnectionManager<PgConnection>>) -> Self {
        let (sender, receiver) = channel();
        std::thread::spawn(move || publish_all(&pool, &receiver));
        Self { sender }
    }

    /// Tells what one transaction changed.
    pub fn tell(&self, org: OrganisationId, hints: Vec<Hint>) {
        for (partner, event) in hints {
            let payload = serde_json::json!({ "org": org, "partner": partner, "event": event });
            drop(self.sender.send(payload.to_string()));
        }
    }
}

fn publish_all(pool: &Pool<ConnectionManager<PgConnection>>, receiver: &Receiver<String>) {
    while let Ok(first) = receiver.recv() {
        let payloads: Vec<String> = std::iter::once(first).chain(receiver.try_iter()).collect();
        if let Err(error) = publish(pool, payloads) {
            tracing::warn!(%error, "live events lost");
        }
    }
}

fn publish(pool: &Pool<ConnectionManager<PgConnection>>, payloads: Vec<String>) -> anyhow::Result<()> {
    let mut connection = pool.get()?;
    let told = diesel::sql_query("SELECT pg_notify('lotline', payload) FROM unnest($1::text[]) AS payload")
        .bind::<Array<Text>, _>(payloads)
        .cached()
        .run(&mut connection);
    if told.is_err() {
        super::try_out(&mut connection);
    }
    Ok(told?)
}
