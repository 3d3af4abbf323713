//! Decisions in the demonstration: each is signed, as people sign it.

use diesel::prelude::*;
use lotline_common::approvals::{ApprovalDecide, Decision};
use lotline_common::id::ApprovalId;
use lotline_common::signing::{SignatureGiven, SigningProof};
use uuid::Uuid;

use super::PASSWORD;
use super::world::World;
use crate::app;
use crate::approvals::deciding::approval_decide;
use crate::approvals::service::approval_read;
use crate::db::Tx;
use crate::error::Result;
use crate::schema::approval;
use crate::signing::service::record;

/// What waits for a document.
fn waiting(tx: &mut Tx, document: Uuid) -> Result<ApprovalId> {
    let waiting = approval::table
        .filter(approval::org_id.eq(tx.org()))
        .filter(approval::document_id.eq(document))
        .filter(approval::state.eq("pending"))
        .select(approval::id);
    Ok(waiting.first::<Uuid>(tx.conn)?.into())
}

fn signed(login: &str, record: String) -> SignatureGiven {
    let proof = SigningProof::Password { login: login.to_owned(), password: PASSWORD.to_owned(), code: None };
    SignatureGiven { record, proof }
}

/// Somebody decides on what waits for a document.
pub fn decide(world: &World, (login, document): (&str, Uuid), (decision, reason): (Decision, &str)) -> Result<()> {
    let proof = world.proof(login, &signed(login, String::new()))?;
    world.act(login, |tx| {
        let id = waiting(tx, document)?;
        let asked = approval_read(tx, id)?;
        let digest = record(tx, &asked.document)?.map(|record| record.digest).unwrap_or_default();
        let signature = Some(signed(login, digest));
        let command = ApprovalDecide { signature, ..ApprovalDecide::new(decision, reason.to_owned()) };
        approval_decide(tx, &app::approvable(), id, (&command, Some(&proof))).map(drop)
    })
}
