//! The outbox: notices are written here with what they are about, and nowhere sent.

use lotline_common::id::{ApprovalId, PersonId};
use lotline_common::mail::MailKind;

use super::rules::Called;
use super::store;
use crate::db::Tx;
use crate::error::Result;

/// Writes a notice for everybody who is called and wants mails. A server that sends none writes none: they would go out,
/// long out of date, whenever one is set up that does.
///
/// # Errors
/// Those of the database.
pub fn write(tx: &mut Tx, approval: ApprovalId, called: &Called) -> Result<()> {
    if !tx.sends_mail || *called == Called::default() {
        return Ok(());
    }
    let mut people = called.people.clone();
    if called.administrators {
        for administrator in store::administrators(tx)? {
            people.entry(administrator).or_insert(MailKind::Stuck);
        }
    }
    let wanting = store::reachable(tx, people.keys().copied())?;
    let notices = wanting.into_iter().filter_map(|person| Some((person, *people.get(&person)?)));
    let notices: Vec<_> = notices.collect();
    if notices.is_empty() { Ok(()) } else { store::insert(tx, approval, &notices) }
}

/// Gives up what waits to be sent to a person who is erased.
///
/// # Errors
/// Those of the database.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    store::forget(tx, person)
}
