//! What can go wrong on the way: a rule refused, or something broke. Database errors that stand for
//! a rule become refusals here; everything else stays internal and is never shown.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};
use lotline_common::problem::{ProblemCode, Refusal};

use crate::db::constraints;

/// Result of a service.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a service did not succeed.
#[derive(Debug)]
pub enum Error {
    /// A rule said no; the caller is told which.
    Refused(Box<Refusal>),
    /// Another transaction was in the way; the same work can be tried again.
    Conflict(DieselError),
    /// Something broke; the caller is told only that.
    Internal(anyhow::Error),
}

impl Error {
    /// A refusal without figures.
    #[must_use]
    pub fn refused(code: ProblemCode) -> Self {
        Refusal::new(code).into()
    }

    /// The refusal, if it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Conflict(_) | Self::Internal(_) => None,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(formatter),
            Self::Conflict(error) => error.fmt(formatter),
            Self::Internal(error) => write!(formatter, "{error:#}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => Self::refused(ProblemCode::NotFound),
            DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::Conflict(error),
            DieselError::DatabaseError(_, ref information) if is_passing(information.as_ref()) => Self::Conflict(error),
            DieselError::DatabaseError(_, ref information) if waited_too_long(information.as_ref()) => {
                tracing::warn!(%error, "waited too long");
                Self::refused(ProblemCode::ServiceBusy)
            }
            DieselError::DatabaseError(_, ref information) => {
                constraints::refusal(information.as_ref()).map_or_else(|| Self::Internal(error.into()), Self::from)
            }
            other => Self::Internal(other.into()),
        }
    }
}

/// A deadlock, or two writers at the end of one audit chain: the next attempt finds the way clear.
fn is_passing(information: &(dyn DatabaseErrorInformation + Send + Sync)) -> bool {
    information.message().contains("deadlock detected")
        || information.constraint_name() == Some("audit_event_chain_key")
}

/// A lock or an answer that did not come in time.
fn waited_too_long(information: &(dyn DatabaseErrorInformation + Send + Sync)) -> bool {
    let message = information.message();
    message.contains("due to lock timeout") || message.contains("due to statement timeout")
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waited_too_long_is_told_to_try_again() {
        for message in ["canceling statement due to lock timeout", "canceling statement due to statement timeout"] {
            let error = DieselError::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned()));
            assert_eq!(Error::from(error).refusal().map(|refusal| refusal.code), Some(ProblemCode::ServiceBusy));
        }
    }
}
