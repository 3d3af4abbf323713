//! Partners (往来单位).

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{LocationId, PartnerId};
use lotline_common::locale::Locale;
use lotline_common::masterdata::{Partner, PartnerWrite};
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::items::change_action;
use super::{rules, uses};
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::schema::{location, partner};

/// The row as written.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = partner)]
struct Row {
    code: String,
    name_zh: String,
    name_en: String,
    supplier: bool,
    subcontractor: bool,
    contact_name: String,
    phone: String,
    email: String,
    address: String,
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
            contact_name: command.contact_name.trim().to_owned(),
            phone: command.phone.trim().to_owned(),
            email: command.email.trim().to_owned(),
            address: command.address.trim().to_owned(),
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

/// Makes one.
///
/// # Errors
/// `fields_invalid`, `code_taken`.
pub fn partner_create(tx: &mut Tx, command: &PartnerWrite) -> Result<Partner> {
    rules::check_partner(command)?;
    let id = PartnerId::new();
    diesel::insert_into(partner::table)
        .values((partner::org_id.eq(tx.org()), partner::id.eq(id.uuid()), Row::of(command)))
        .execute(tx.conn)?;
    keep_places(tx, id, command)?;
    let made = partner_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Partner, id, AuditAction::Created).after(&made)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(made)
}

/// Changes one.
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
    if before.active && !command.active {
        uses::check_free(tx, &uses::PARTNER, id.uuid(), &before.code)?;
    }
    diesel::update(partner::table.find((tx.org(), id.uuid())))
        .set((Row::of(command), partner::version.eq(partner::version + 1)))
        .execute(tx.conn)?;
    keep_places(tx, id, command)?;
    let after = partner_read(tx, id)?;
    let action = change_action(before.active, after.active);
    audit::append(tx, Event::new(AggregateKind::Partner, id, action).change(&before, &after)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(after)
}

/// Keeps the places that come with a subcontractor: made once, renamed and taken out of use with it,
/// never edited by hand (domain.md A1 2).
fn keep_places(tx: &mut Tx, id: PartnerId, command: &PartnerWrite) -> Result<()> {
    let org = tx.org();
    for (kind, ending, name_zh, name_en) in rules::PARTNER_PLACES {
        let names = (
            location::name_zh.eq(format!("{} {name_zh}", command.name.in_locale(Locale::ZhCn).trim())),
            location::name_en.eq(format!("{} {name_en}", command.name.in_locale(Locale::En).trim())),
            location::active.eq(command.active && command.subcontractor),
        );
        let kept = diesel::update(location::table)
            .filter(location::org_id.eq(org))
            .filter(location::partner_id.eq(id.uuid()))
            .filter(location::kind.eq(kind.as_str()))
            .set(names.clone())
            .execute(tx.conn)?;
        if kept == 0 && command.subcontractor {
            diesel::insert_into(location::table)
                .values((
                    location::org_id.eq(org),
                    location::id.eq(LocationId::new().uuid()),
                    location::code.eq(format!("{}-{ending}", command.code)),
                    location::kind.eq(kind.as_str()),
                    location::partner_id.eq(id.uuid()),
                    location::system_made.eq(true),
                    names,
                ))
                .execute(tx.conn)?;
        }
    }
    Ok(())
}
