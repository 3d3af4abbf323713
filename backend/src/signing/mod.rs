//! Signatures (21 CFR 11.50–11.300): who signs proves anew that it is them, with what they know or have; what is signed is one
//! version of a document; and the signature can be verified by anybody who has the record. Owns `signature`, `signing_key`,
//! `signing_request`, `signing_failure`, `passkey` and `authenticator`. Keeps: nobody signs for another, nothing is signed
//! unseen, and no proof is taken twice.

pub mod api;
mod keys;
pub mod means;
pub mod proving;
pub mod rules;
pub mod service;
mod standing;
mod store;

use diesel::connection::SimpleConnection as _;
use hmac::{Hmac, Mac as _};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::PersonId;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::signing::passkey::RelyingParty;
use lotline_common::signing::{AuthenticatorBegin, FactorRemove, PasskeyBegin, SignatureGiven, SigningFault};
pub use proving::Proof;
use serde_json::Value;
use sha2::Sha256;

use crate::audit::{self, Event};
use crate::db::Tx;
use crate::error::{Error, Result};

fn refused(fault: SigningFault) -> Error {
    Refusal::new(ProblemCode::SignatureRefused).with("cause", fault).into()
}

/// What the asker does with what they sign with goes into the record of the organisation in which they do it.
fn record(tx: &mut Tx, action: AuditAction, details: Value) -> Result<()> {
    audit::append(tx, Event::new(AggregateKind::Person, tx.ctx.person, action).details(details))
}

/// Takes a person who is erased from under their signatures, and what they signed with from them. The signatures stay.
///
/// # Errors
/// Those of the database.
pub fn erase(tx: &mut Tx, person: PersonId, name: &str) -> Result<()> {
    tx.conn.batch_execute("SET LOCAL app.erasing = 'on'")?;
    store::erase(tx, person, name)?;
    Ok(tx.conn.batch_execute("SET LOCAL app.erasing = ''")?)
}

/// Something that is done by signing it.
pub trait Signed {
    /// The signature that was given.
    fn signature(&self) -> Option<&SignatureGiven>;
}

/// Something for which the own password is asked anew.
pub trait Confirmed {
    /// The password that was given.
    fn password(&self) -> &str;
}

impl Confirmed for PasskeyBegin {
    fn password(&self) -> &str {
        &self.password
    }
}

impl Confirmed for AuthenticatorBegin {
    fn password(&self) -> &str {
        &self.password
    }
}

impl Confirmed for FactorRemove {
    fn password(&self) -> &str {
        &self.password
    }
}

/// What signing needs to know of the server.
#[derive(Clone)]
pub struct Settings {
    /// Where passkeys are good.
    pub party: RelyingParty,
    secret: Vec<u8>,
}

impl Settings {
    /// Of a server that browsers reach at an address, with its secret.
    #[must_use]
    pub fn new(public_url: Option<&str>, secret: &[u8]) -> Self {
        Self { party: RelyingParty::of(public_url), secret: secret.to_vec() }
    }

    /// The secret of somebody's authenticator app. It is kept nowhere: without the server's own secret, a copy of the
    /// database tells nothing of it.
    fn authenticator_secret(&self, person: PersonId, salt: &[u8]) -> anyhow::Result<Vec<u8>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret)?;
        mac.update(b"lotline.authenticator/1\0");
        mac.update(person.uuid().as_bytes());
        mac.update(salt);
        Ok(mac.finalize().into_bytes().into_iter().take(20).collect())
    }
}
