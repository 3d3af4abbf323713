//! Public keys in an organisation's record: whoever verifies a signature by a passkey finds there whose it is.

use lotline_common::audit::AuditAction;
use lotline_common::signing::statement::KnownPasskey;
use serde_json::json;

use super::record;
use super::store::{self, PasskeyRow};
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
    record(tx, AuditAction::PasskeyAdded, json!({ "passkey": known }))
}
