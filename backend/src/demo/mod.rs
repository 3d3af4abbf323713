//! The demonstration organisation.

use crate::db::Db;
use crate::error::Result;

/// Everybody's password in the demonstration.
pub const PASSWORD: &str = "lotline-demo";

/// Who can sign in.
pub const LOGINS: &[&str] = &[
    "clerk", "warehouse", "approver", "quality", "manager", "auditor", "admin", "portal-machining", "portal-anodising",
    "portal-sterile",
];

/// Loads the demonstration organisation, if it is not there.
///
/// # Errors
/// When it cannot be loaded.
pub fn load(_db: &Db) -> Result<()> {
    Ok(())
}
