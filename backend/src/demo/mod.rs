//! The demonstration organisation: a maker of orthopaedic screws and sterile instrument sets with three
//! subcontractors and half a year of history, made through the same services that people use.

mod agreements;
mod catalogue;
mod deciding;
mod finished;
mod flows;
mod history;
mod materials;
mod promises;
mod recalls;
mod supplies;
mod way;
mod world;

use diesel::prelude::*;
use lotline_common::id::OrganisationId;

use crate::access::founding::{Founding, found_organisation};
use crate::db::Db;
use crate::error::Result;
use crate::schema::person;

/// Everybody's password in the demonstration.
pub const PASSWORD: &str = "lotline-demo";

/// Who can sign in.
pub const LOGINS: &[&str] = &[
    "clerk",
    "warehouse",
    "approver",
    "quality",
    "manager",
    "auditor",
    "admin",
    "portal-machining",
    "portal-anodising",
    "portal-sterile",
];

/// Loads the demonstration organisation, if it is not there.
///
/// # Errors
/// When it cannot be loaded.
pub fn load(db: &Db) -> Result<()> {
    if is_loaded(db)? {
        return Ok(());
    }
    tracing::info!("loading the demonstration data");
    let founder = found_organisation(
        db,
        &Founding {
            code: "demo".to_owned(),
            name: "澄岳医疗".to_owned(),
            admin_login: "admin".to_owned(),
            admin_name: "周启明".to_owned(),
            password: PASSWORD.to_owned(),
            demo: true,
        },
    )?;
    let world = world::World::make(db, founder)?;
    agreements::write(&world)?;
    flows::draw(&world)?;
    history::play(&world)?;
    promises::reserve(&world)?;
    recalls::begin(&world)?;
    tracing::info!(organisation = %world.organisation(), "the demonstration data are loaded");
    Ok(())
}

/// The administrator of the demonstration is the mark that it is there.
fn is_loaded(db: &Db) -> Result<bool> {
    db.global(|connection, _| {
        let known = person::table.filter(person::login.eq("admin")).select(person::home_organisation_id);
        let known: Option<uuid::Uuid> = known.first(connection).optional()?;
        Ok(known.map(OrganisationId::from).is_some())
    })
}
