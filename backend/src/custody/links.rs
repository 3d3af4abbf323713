//! Links by which somebody without an account, a driver or a storeman, confirms one delivery once: with a name and a photo,
//! on behalf of whoever made the link. The record names both, and that it is of lower assurance.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use lotline_common::custody::{ConfirmationLink, Delivery, LinkedConfirm, LinkedDelivery};
use lotline_common::id::{IssueNoteId, RequestId};
use lotline_common::locale::Locale;
use lotline_common::orders::CustodyState;
use lotline_common::permission::Permission;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::service;
use crate::access::service::{may_still, person_read};
use crate::db::{Db, OpCtx, Reader, Tx};
use crate::error::{Error, Result};
use crate::schema::confirmation_link;

/// How long a link can be used.
const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Somebody who has a link that can be used.
#[derive(Debug, Clone)]
pub struct Guest {
    /// On whose behalf they act, with no more rights than the link gives.
    pub ctx: OpCtx,
    link: LinkRow,
}

#[derive(Debug, Clone, Queryable)]
struct LinkRow {
    org_id: Uuid,
    id: Uuid,
    issue_note_id: Uuid,
    partner_id: Uuid,
    created_by: Uuid,
    expires_at: DateTime<Utc>,
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Makes a link for a delivery that waits to be confirmed.
///
/// # Errors
/// `not_found`, `already_confirmed`.
pub fn link_create(tx: &mut Tx, id: IssueNoteId) -> Result<ConfirmationLink> {
    let partner = tx.portal_partner()?;
    let delivery = service::delivery_read(tx, id)?;
    if delivery.custody_state != CustodyState::InTransit {
        return Err(Refusal::new(ProblemCode::AlreadyConfirmed).with("number", delivery.number).into());
    }
    let (token, expires_at) = (hex::encode(rand::random::<[u8; 32]>()), tx.now + LIFETIME);
    diesel::insert_into(confirmation_link::table)
        .values((
            confirmation_link::org_id.eq(tx.org()),
            confirmation_link::id.eq(Uuid::now_v7()),
            confirmation_link::issue_note_id.eq(id.uuid()),
            confirmation_link::partner_id.eq(partner.uuid()),
            confirmation_link::token_digest.eq(digest(&token).to_vec()),
            confirmation_link::created_by.eq(tx.ctx.person.uuid()),
            confirmation_link::created_at.eq(tx.now),
            confirmation_link::expires_at.eq(expires_at),
        ))
        .execute(tx.conn)?;
    Ok(ConfirmationLink { token, expires_at })
}

fn find(connection: &mut PgConnection, token: &str, now: DateTime<Utc>) -> Result<LinkRow> {
    let digest = digest(token);
    connection.batch_execute(&format!("SET LOCAL app.org = ''; SET LOCAL app.link = '{}'", hex::encode(digest)))?;
    let row = confirmation_link::table
        .filter(confirmation_link::token_digest.eq(digest.to_vec()))
        .filter(confirmation_link::used_at.is_null())
        .filter(confirmation_link::expires_at.gt(now))
        .select((
            confirmation_link::org_id,
            confirmation_link::id,
            confirmation_link::issue_note_id,
            confirmation_link::partner_id,
            confirmation_link::created_by,
            confirmation_link::expires_at,
        ));
    Ok(row.first(connection)?)
}

/// Whoever has the token of a link: one that was used, ran out or never was is not found, nor one whose maker may not confirm
/// any more.
///
/// # Errors
/// `not_found`.
pub fn guest(db: &Db, token: &str, locale: Locale) -> Result<Guest> {
    let link = db.global(|connection, now| find(connection, token, now))?;
    let ctx = OpCtx {
        org: link.org_id.into(),
        person: link.created_by.into(),
        partner: Some(link.partner_id.into()),
        permissions: Arc::new([Permission::PortalConfirm].into()),
        password_due: false,
        locale,
        request: RequestId::new(),
    };
    if !db.read(&ctx, |reader| may_still(reader, Permission::PortalConfirm))? {
        return Err(Error::refused(ProblemCode::NotFound));
    }
    Ok(Guest { ctx, link })
}

impl Guest {
    /// The one delivery that the link is for.
    #[must_use]
    pub fn delivery(&self) -> IssueNoteId {
        self.link.issue_note_id.into()
    }

    /// The delivery, and who made the link.
    ///
    /// # Errors
    /// Those of the database.
    pub fn read(&self, reader: &mut Reader) -> Result<LinkedDelivery> {
        Ok(LinkedDelivery {
            delivery: service::delivery_read(reader, self.delivery())?,
            made_by: person_read(reader, self.link.created_by.into())?.reference(),
            expires_at: self.link.expires_at,
        })
    }

    /// Confirms the delivery, and uses the link up.
    ///
    /// # Errors
    /// `not_found`, `fields_invalid`, and those of a confirmation.
    pub fn confirm(&self, tx: &mut Tx, command: &LinkedConfirm) -> Result<Delivery> {
        let before = service::delivery_read(tx, self.delivery())?;
        let mut check = FieldCheck::new();
        check.required_text("/name", &command.name, 100);
        check.ensure(!before.attachments.is_empty(), "/photo", ProblemCode::FieldRequired);
        check.finish()?;
        let row = confirmation_link::table.find((tx.org(), self.link.id));
        let now = tx.now;
        let used = diesel::update(row.filter(confirmation_link::used_at.is_null()));
        if used.set(confirmation_link::used_at.eq(now)).execute(tx.conn)? != 1 {
            return Err(Error::refused(ProblemCode::NotFound));
        }
        let name = Some(command.name.trim());
        service::confirm(tx, (self.delivery(), before.version), (&command.count, name))
    }
}
