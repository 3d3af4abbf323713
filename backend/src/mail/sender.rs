//! The thread that sends what is due. A mail is taken by one server at a time, sent with no transaction open, and what came
//! of it is written down afterwards. Sent at least once, never lost: whoever is killed in between leaves a mail that is due
//! again a little later, and may then arrive twice, as the same message.

use std::time::Duration;

use chrono::TimeDelta;
use lotline_common::id::MailId;
use lotline_common::locale::Locale;
use lotline_common::mail::MailFault;
use serde_json::Value;

use super::postman::{Failure, Postman};
use super::rules::{self, End, Letter};
use super::store::{self, Claimed};
use crate::access::service::nowhere;
use crate::db::{Db, OpCtx, WriteOptions, Written};
use crate::error::Result;
use crate::infra::worker::{Next, Worker};
use crate::system::metrics;

/// How often it is looked whether something is due.
const BEAT: Duration = Duration::from_secs(3);
/// How long a stop waits for the mail server: what it has not taken by then is sent after the next start.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long a mail that was taken is kept from others. Longer than any conversation with a mail server.
const LEASE: TimeDelta = TimeDelta::minutes(10);

/// Sends until it is dropped.
#[must_use]
pub fn start(db: Db, postman: Postman) -> Worker {
    let turn = move || match deliver_next(&db, &postman) {
        Ok(true) => Next::AtOnce,
        Ok(false) => Next::Later,
        Err(error) => {
            tracing::error!(%error, "mails were not sent; it is tried again");
            Next::Later
        }
    };
    Worker::start(BEAT, turn).with_patience(PATIENCE)
}

/// Sends all that is due now.
///
/// # Errors
/// Those of the database.
pub fn pass(db: &Db, postman: &Postman) -> Result<()> {
    while deliver_next(db, postman)? {}
    Ok(())
}

/// Sends the mail that has been due longest; false when none is.
fn deliver_next(db: &Db, postman: &Postman) -> Result<bool> {
    let Some(claimed) = db.global(|connection, now| store::claim(connection, now, now + LEASE))? else {
        return Ok(false);
    };
    let (asker, id) = (asker(&claimed), MailId(claimed.id));
    let letter = db.read(&asker, |reader| store::letter(reader, id))?;
    let end = deliver(db, postman, &letter);
    db.write(&asker, &WriteOptions::default(), |tx| {
        store::end(tx, id, &end)?;
        Ok(Written { status: 204, body: Value::Null })
    })?;
    tell(id, &end);
    Ok(true)
}

fn deliver(db: &Db, postman: &Postman, letter: &Letter) -> End {
    let address = match rules::check(letter) {
        Ok(address) => address,
        Err(fault) => return End::GivenUp(fault, String::new()),
    };
    match postman.send(letter.id, address, rules::text(letter, postman.home())) {
        Ok(()) => End::Sent,
        Err(Failure::Lasting(said)) => End::GivenUp(MailFault::Refused, rules::without_address(&said, address)),
        Err(Failure::Passing(said)) => {
            let said = rules::without_address(&said, address);
            rules::after_failure((letter.created_at, letter.tries), db.now(), said)
        }
    }
}

/// Says in the log and in the figures what did not go out.
fn tell(id: MailId, end: &End) {
    match end {
        End::Again(at, said) => tracing::warn!(mail = %id, %at, %said, "a mail was not taken; it is tried again"),
        End::GivenUp(fault @ (MailFault::Refused | MailFault::TooLate), said) => {
            metrics::count_mail_given_up();
            tracing::error!(mail = %id, %fault, %said, "a mail was given up");
        }
        End::Sent | End::GivenUp(..) => {}
    }
}

/// The maker's side, in the name of whom the mail goes to.
fn asker(claimed: &Claimed) -> OpCtx {
    OpCtx { org: claimed.org_id.into(), ..nowhere(claimed.person_id.into(), Locale::default()) }
}
