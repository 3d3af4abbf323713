//! The record's log as it is shown: how far it is sealed, with which keys, and where it is anchored (记录日志).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::PersonRef;
use crate::id::AuditEventId;
use crate::text_enum::text_enum;

text_enum! {
    /// Why the record cannot be relied on, or is not sealed.
    RecordTrouble {
        /// Events wait longer than they should for their place in the log.
        SealingLate => "sealing_late",
        /// The newest checkpoints are missing in one of the places outside the database.
        AnchorLate => "anchor_late",
        /// An event was altered before it was sealed.
        EventAltered => "event_altered",
        /// An event was taken away before it was sealed.
        EventMissing => "event_missing",
        /// The stored log is not what was signed.
        LogAltered => "log_altered",
        /// The stored log does not go on from what was signed or anchored before: it was cut or rewritten, or an old
        /// backup was restored.
        LogRewound => "log_rewound",
        /// The key's file is not there.
        KeyMissing => "key_missing",
        /// The key's file is not that of the log's key, or others can read it.
        KeyUnfit => "key_unfit",
        /// The server's clock is off: nothing is signed until it is right again.
        ClockOff => "clock_off",
        /// The time server has not answered for long, so that nobody knows whether the clock is right.
        ClockUnchecked => "clock_unchecked",
    }
}

impl std::error::Error for RecordTrouble {}

impl std::error::Error for AnchorTrouble {}

text_enum! {
    /// Why a place outside did not take a checkpoint.
    AnchorTrouble {
        /// It cannot be reached, or written to.
        Unreachable => "unreachable",
        /// It answered that it does not do it.
        Refused => "refused",
        /// Its answer is not written as it should be.
        Unreadable => "unreadable",
        /// Its answer is about something else than was sent.
        OtherContent => "other_content",
        /// Its answer is not to this question.
        NonceDiffers => "nonce_differs",
        /// Its signature does not fit.
        SignatureInvalid => "signature_invalid",
        /// It signed with a way of signing that is not known here.
        AlgorithmUnsupported => "algorithm_unsupported",
        /// It signed with a key that is not trusted.
        SignerUnknown => "signer_unknown",
        /// Its time is far from the server's.
        TimeDiffers => "time_differs",
        /// It does not know this log.
        LogUnknown => "log_unknown",
        /// It does not know the key that signed the checkpoint.
        KeyUnknown => "key_unknown",
        /// It saw another history of this log.
        HistoryDiffers => "history_differs",
    }
}

/// A place that did not take the newest checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnchorFailure {
    /// The folder, a witness, a time-stamping authority.
    #[schema(example = "tsa")]
    pub place: String,
    /// Why.
    pub trouble: AnchorTrouble,
    /// When it was tried last.
    pub tried_at: DateTime<Utc>,
}

/// How the server's clock was compared with a time server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClockStatus {
    /// The time server.
    #[schema(example = "pool.ntp.org")]
    pub server: String,
    /// Milliseconds that the clock may be off.
    pub limit_milliseconds: i64,
    /// Milliseconds that it was ahead (or, negative, behind) when it was compared last.
    pub drift_milliseconds: Option<i64>,
    /// When it was compared last; nothing as long as the time server never answered.
    pub checked_at: Option<DateTime<Utc>>,
}

/// Where checkpoints are laid down, and up to which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnchorStatus {
    /// `folder`; `tsa`, a time-stamping authority; or `witness:` and the witness's name.
    #[schema(example = "folder")]
    pub place: String,
    /// Size of the log at the newest checkpoint there.
    pub size: i64,
    /// When it was laid down.
    pub anchored_at: DateTime<Utc>,
}

/// How the record stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordStatus {
    /// Name of the log; nothing before its first event is sealed.
    pub origin: Option<String>,
    /// Events sealed.
    pub size: i64,
    /// Root of the tree over them, hexadecimal.
    pub root: Option<String>,
    /// When it was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// The signed head, as a C2SP checkpoint.
    pub checkpoint: Option<String>,
    /// Events that wait to be sealed.
    pub unsealed: i64,
    /// Server time of the one that waits longest.
    pub oldest_unsealed_at: Option<DateTime<Utc>>,
    /// Where checkpoints are laid down outside the database.
    pub anchors: Vec<AnchorStatus>,
    /// Places that did not take the newest one when they were asked last.
    pub anchor_failures: Vec<AnchorFailure>,
    /// How the clock that checkpoints are dated with was compared; nothing when no time server is set.
    pub clock: Option<ClockStatus>,
    /// The last review that was signed off.
    pub review: Option<RecordReview>,
    /// What is wrong; empty when nothing is.
    #[schema(inline)]
    pub troubles: Vec<RecordTrouble>,
}

/// Sign off a review of the record.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordReviewWrite {
    /// Events looked through: all before this index, which is at most the size of the log.
    #[schema(minimum = 1)]
    pub size: i64,
    /// What was found.
    #[schema(min_length = 1, max_length = 2000)]
    pub remark: String,
}

/// A review of the record that was signed off (审计记录审阅).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordReview {
    /// Events looked through: all before this index.
    pub size: i64,
    /// What was found.
    pub remark: String,
    /// Who looked.
    pub reviewed_by: PersonRef,
    /// When it was signed off.
    pub reviewed_at: DateTime<Utc>,
}

/// A public key of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordKey {
    /// First, second … key.
    pub number: i32,
    /// Name, id and public key, as C2SP writes them.
    pub verifier_key: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The event that made it the log's; nothing for the first.
    pub event_id: Option<AuditEventId>,
}

/// The part of the record to export, by the days on which it was sealed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecordPeriod {
    /// First day; from the beginning without it.
    pub from: Option<NaiveDate>,
    /// Last day; up to now without it.
    pub to: Option<NaiveDate>,
}

text_enum! {
    /// What is wrong with a record.
    FaultKind {
        /// A line, or a file, that is not written as it should be.
        Unreadable => "unreadable",
        /// An event is missing, doubled, or out of its place.
        OutOfPlace => "out_of_place",
        /// An event is not what was hashed.
        EventAltered => "event_altered",
        /// An event does not follow the one before it on the same thing.
        ChainBroken => "chain_broken",
        /// There are events that never came into the log.
        Unlogged => "unlogged",
        /// An event of another organisation.
        ForeignEvent => "foreign_event",
        /// The events are not those that the checkpoint was signed over.
        RootDiffers => "root_differs",
        /// A checkpoint is not signed by the log's key, or is of another log.
        SignatureInvalid => "signature_invalid",
        /// A key that nothing trusted made the log's.
        KeyUnknown => "key_unknown",
        /// Events after the last checkpoint, or an export that ends before it says.
        Incomplete => "incomplete",
        /// The log had another root when it was anchored: it was rewritten.
        AnchorDiffers => "anchor_differs",
        /// The log was longer when it was anchored: it was cut.
        AnchorBeyond => "anchor_beyond",
        /// A personal value that is shown is not the one whose commitment the event holds.
        OpeningWrong => "opening_wrong",
        /// A signature is not on the record it stands at, or not by whoever it names.
        SigningWrong => "signing_wrong",
    }
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// Line of the export, from 1.
    pub line: u64,
    /// Index of the event; where it cannot be told exactly, the first that it can be.
    pub index: Option<u64>,
    /// The last that it can be, where it cannot be told exactly.
    pub until: Option<u64>,
    /// Kind and identifier of the thing whose event it is.
    pub aggregate: Option<(String, Uuid)>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Verdict {
    /// Name of the log.
    pub origin: String,
    /// Events verified.
    pub events: u64,
    /// Things they belong to.
    pub aggregates: u64,
    /// Things whose first event stands before the export, so that their chain was verified from there.
    pub begun_before: u64,
    /// Personal values that are there, and are what was recorded.
    pub opened: u64,
    /// Personal values that are not there any more: they were erased.
    pub erased: u64,
    /// Signatures of people, each on what it says it is on.
    pub signatures: u64,
    /// Those of them that a passkey gave.
    pub passkey_signatures: u64,
    /// Index of the first event.
    pub first_index: u64,
    /// Size of the log at the last checkpoint.
    pub size: u64,
    /// Root at that size, hexadecimal.
    pub root: String,
    /// Signed checkpoints verified.
    pub checkpoints: u64,
    /// The log's keys.
    pub keys: Vec<String>,
    /// The first of them was known from elsewhere; otherwise only the export itself speaks for it.
    pub keys_known: bool,
    /// Anchors that the record agrees with.
    pub anchors: u64,
    /// Anchors of sizes outside the export, which say nothing about it.
    pub anchors_outside: u64,
    /// The first thing that is wrong; nothing when the record holds.
    pub fault: Option<Fault>,
}
