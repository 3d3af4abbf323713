//! Public keys in an organisation's record: whoever verifies a signature by a passkey finds there whose it is.

use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::signing::statement::KnownPasskey;
use serde_json::json;

use super::store::{self, PasskeyRow};
use crate::audit::{self, Event};
use crate::db::Tx;
use crate::error::Result;

/// Tells the organisation's record of a passkey, unless it knows it.
///
/// # Errors
/// Those of the database.
pub fn introduce(tx: &mut Tx, passkey: &PasskeyRow) -> Result<()> {
    if store::is_introduced(tx, passkey.id)? {
        return Ok(());
    }
    store::introduce(tx, passkey)?;
    let known = KnownPasskey { credential_id: passkey.credential_id.clone(), public_key: passkey.public_key.clone() };
    let event = Event::new(AggregateKind::Person, tx.ctx.person, AuditAction::PasskeyAdded);
    tx.with_makers_sight(|tx| audit::append(tx, event.details(json!({ "passkey": known }))))
}
