//! The thread that looks at approvals whose time has come, and now and then at all that wait: somebody may have lost the
//! right to decide, come back, or been given it. What it does is the engine's; a kill between two looks loses nothing, as the
//! next look finds the same.

use std::time::{Duration, Instant};

use lotline_common::approvals::ApprovalOutcome;
use lotline_common::flows::run::{Mark, Run};
use lotline_common::id::{ApprovalId, PersonId};
use lotline_common::locale::Locale;

use super::running::{Ending, Held};
use super::service::{effect_of, look};
use super::store::{self, Waking};
use super::{Registry, flows};
use crate::access::service::nowhere;
use crate::db::{Db, OpCtx, WriteOptions, Written};
use crate::error::Result;
use crate::infra::worker::{Next, Worker};

/// How often it is looked whether a time has come.
const BEAT: Duration = Duration::from_secs(5);
/// How often everything that waits is looked at.
const ROUND: Duration = Duration::from_secs(60);
/// Looks until it is dropped.
#[must_use]
pub fn start(db: Db, registry: Registry) -> Worker {
    let mut round_at: Option<Instant> = None;
    Worker::start(BEAT, move || {
        let all = round_at.is_none_or(|at| at.elapsed() >= ROUND);
        if all {
            round_at = Some(Instant::now());
        }
        if let Err(error) = pass(&db, &registry, all) {
            tracing::error!(%error, "approvals were not looked at; it is tried again");
        }
        Next::Later
    })
}

/// Looks once: at what has to be looked at now, or at `all` that waits. One that cannot be looked at does not keep the others
/// from it.
///
/// # Errors
/// When what waits cannot be read.
pub fn pass(db: &Db, registry: &Registry, all: bool) -> Result<()> {
    let waking = db.global(|connection, now| store::waking(connection, now, all))?;
    for one in &waking {
        if let Err(error) = wake(db, registry, one) {
            tracing::error!(%error, approval = %one.id, "an approval was not looked at");
        }
    }
    if all {
        let mut seen = None;
        for one in waking.iter().filter(|one| seen.replace(one.org_id) != Some(one.org_id)) {
            db.write(&asker(one), &WriteOptions::default(), |tx| {
                flows::look_for_flaws(tx)?;
                Ok(Written { status: 204, body: serde_json::Value::Null })
            })?;
        }
    }
    Ok(())
}

/// The maker's side, in the name of whoever asked.
fn asker(waking: &Waking) -> OpCtx {
    OpCtx { org: waking.org_id.into(), ..nowhere(waking.requested_by.into(), Locale::default()) }
}

fn wake(db: &Db, registry: &Registry, waking: &Waking) -> Result<()> {
    db.write(&asker(waking), &WriteOptions::default(), |tx| {
        let mut held = Held::lock(tx, ApprovalId(waking.id))?;
        if held.state == ApprovalOutcome::Pending {
            let (before, around) = (held.run.clone(), held.around(&store::directory(tx)?));
            look(tx, &mut held, &around)?;
            if held.run != before {
                let effect = effect_of(registry, &held)?;
                held.save(tx, Vec::new(), &Ending { decided_by: last_to_agree(&before), reason: "", effect })?;
            }
        }
        Ok(Written { status: 204, body: serde_json::Value::Null })
    })?;
    Ok(())
}

/// Whoever agreed last, when time alone was still waited for.
fn last_to_agree(run: &Run) -> Option<PersonId> {
    let asks = run.marks.values().flat_map(|mark| match mark {
        Mark::Done { decided } => decided.as_slice(),
        _ => &[],
    });
    let agreed = asks.filter_map(|ask| Some((ask.decided.as_ref()?.at, ask.candidate.person)));
    agreed.max().map(|(_, person)| person)
}
