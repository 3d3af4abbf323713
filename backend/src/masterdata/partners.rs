//! Partners (往来单位).

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::PartnerId;
use lotline_common::masterdata::{Partner, PartnerRisk, PartnerWrite};
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::items::change_action;
use super::{locations, rules, uses};
use crate::audit::{self, Event};
use crate::db::constraints::name_taken;
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::schema::partner;

/// The row as written.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = partner, treat_none_as_null = true)]
struct Row {
    code: String,
    name_zh: String,
    name_en: String,
    supplier: bool,
    subcontractor: bool,
    customer: bool,
    contact_name: String,
    phone: String,
    email: String,
    address: String,
    risk: Option<&'static str>,
    active: bool,
}

impl Row {
    fn of(command: &PartnerWrite) -> Self {
        Self {
            code: command.code.clone(),
            name_zh: command.name.zh.trim().to_owned(),
            name_en: command.name.en.trim().to_owned(),
            supplier: command.supplier,
            subcontractor: command.subcontractor,
            customer: command.customer,
            contact_name: command.contact_name.trim().to_owned(),
            phone: command.phone.trim().to_owned(),
            email: command.email.trim().to_owned(),
            address: command.address.trim().to_owned(),
            risk: command.risk.map(PartnerRisk::as_str),
            active: command.active,
        }
    }
}

/// One partner.
///
/// # Errors
/// `not_found`.
pub fn partner_read(reader: &mut Reader, id: PartnerId) -> Result<Partner> {
    list::one(reader, "partner_view", id)
}

/// Makes one, with its places when it is a subcontractor.
///
/// # Errors
/// `fields_invalid`, `code_taken`.
pub fn partner_create(tx: &mut Tx, command: &PartnerWrite) -> Result<Partner> {
    rules::check_partner(command)?;
    let id = PartnerId::new();
    diesel::insert_into(partner::table)
        .values((partner::org_id.eq(tx.org()), partner::id.eq(id.uuid()), Row::of(command)))
        .execute(tx.conn)
        .map_err(name_taken(&[("partner_code_key", &command.code)]))?;
    let made = partner_read(tx, id)?;
    locations::partner_places_keep(tx, &made)?;
    audit::append(tx, Event::new(AggregateKind::Partner, id, AuditAction::Created).after(&made)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(made)
}

/// Changes one, and its places with it.
///
/// # Errors
/// `version_stale`, `fields_invalid`, `code_taken`, `field_fixed`, `in_use`.
pub fn partner_update(tx: &mut Tx, id: PartnerId, version: i64, command: &PartnerWrite) -> Result<Partner> {
    partner::table.find((tx.org(), id.uuid())).select(partner::id).for_update().first::<Uuid>(tx.conn)?;
    let before = partner_read(tx, id)?;
    check_version(before.version, version)?;
    rules::check_partner(command)?;
    if command.code != before.code {
        return Err(uses::fixed("code").into());
    }
    let leaves = (before.active && !command.active) || (before.subcontractor && !command.subcontractor);
    if leaves {
        uses::check_free(tx, &uses::PARTNER, id.uuid(), &before.code)?;
    }
    diesel::update(partner::table.find((tx.org(), id.uuid())))
        .set((Row::of(command), partner::version.eq(partner::version + 1)))
        .execute(tx.conn)?;
    let after = partner_read(tx, id)?;
    locations::partner_places_keep(tx, &after)?;
    let action = change_action(before.active, after.active);
    audit::append(tx, Event::new(AggregateKind::Partner, id, action).change(&before, &after)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(after)
}
