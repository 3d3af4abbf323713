//! What the paper of each kind needs.

use super::MaterialKind;

/// Whether a document of a kind has a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It is refused.
    Never,
    /// It may.
    May,
    /// It must.
    Must,
}

/// What the paper of a kind needs, beside its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// An order.
    pub order: Need,
    /// A reason.
    pub reason: bool,
    /// A witness.
    pub witness: bool,
    /// A certificate, or other evidence.
    pub evidence: bool,
}

impl MaterialKind {
    /// Files can be laid to it: its paper asks for evidence, or somebody may have to decide on it.
    #[must_use]
    pub const fn takes_evidence(self) -> bool {
        self.paper().evidence || self.can_be_held() || matches!(self, Self::Count)
    }

    /// What its paper needs.
    #[must_use]
    pub const fn paper(self) -> Paper {
        let plain = Paper { order: Need::Never, reason: false, witness: false, evidence: false };
        let custody = Paper { order: Need::Must, reason: true, ..plain };
        match self {
            Self::Return | Self::Transfer | Self::ReworkOut => custody,
            Self::SubcontractorScrap => Paper { witness: true, evidence: true, ..custody },
            Self::OverConsumption => Paper { evidence: true, ..custody },
            Self::ReworkIn => Paper { reason: false, ..custody },
            Self::Count => Paper { order: Need::May, ..plain },
            Self::LineIssue | Self::LineReturn | Self::Scrap | Self::Repack => Paper { reason: true, ..plain },
            Self::DirectDelivery | Self::Move | Self::Production | Self::Dispatch => plain,
        }
    }
}
