//! People, sessions, memberships and roles (人员、会话、成员、角色).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{MembershipId, OrganisationId, PersonId, RoleId, SessionId};
use crate::locale::{Locale, Name};
use crate::masterdata::PartnerRef;
use crate::permission::Permission;

/// Characters a password has at least. Length is what counts; there are no rules of composition
/// (OWASP ASVS 6.2).
pub const MINIMUM_PASSWORD_LENGTH: usize = 12;

/// Sign in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionCreate {
    /// Sign-in name; upper and lower case are the same.
    #[schema(example = "clerk", max_length = 64)]
    pub login: String,
    /// Password.
    #[schema(example = "lotline-demo", max_length = 128)]
    pub password: String,
    /// Organisation to work in; the last one used when absent.
    #[serde(default)]
    #[schema(example = "demo")]
    pub organisation: Option<String>,
}

/// A session just begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionStarted {
    /// Bearer token for programs; browsers get it as a cookie as well.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// When the session ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// Who is signed in, where, and with which rights.
    pub session: Session,
}

/// Who is signed in, where, and with which rights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// Who.
    pub person: Person,
    /// Where.
    pub organisation: OrganisationRef,
    /// For which subcontractor, in the portal.
    pub partner: Option<PartnerRef>,
    /// Rights here.
    pub permissions: Vec<Permission>,
    /// Every organisation the person can switch to, this one included.
    pub organisations: Vec<OrganisationRef>,
    /// When the session ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// The own e-mail address, which is told to nobody else.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether the person gets mails of what waits for them (邮件通知).
    #[serde(default)]
    pub mail_notices: bool,
}

/// One of a person's own sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionSummary {
    /// The session.
    pub id: SessionId,
    /// Whether it is the one asking.
    pub current: bool,
    /// Began.
    pub created_at: DateTime<Utc>,
    /// Last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// Ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// What the client called itself.
    pub user_agent: String,
    /// Network address at sign-in.
    pub address: String,
}

/// Work in another organisation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationSwitch {
    /// Its code.
    #[schema(example = "demo")]
    pub organisation: String,
}

/// A person as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// The person.
    pub id: PersonId,
    /// Sign-in name.
    pub login: String,
    /// Printed name.
    pub display_name: String,
    /// Preferred language.
    pub locale: Locale,
    /// An administrator reset the password; it has to be changed.
    pub must_change_password: bool,
}

impl Person {
    /// As others refer to them.
    #[must_use]
    pub fn reference(self) -> PersonRef {
        PersonRef { id: self.id, display_name: self.display_name }
    }
}

/// A person in a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonRef {
    /// The person.
    pub id: PersonId,
    /// Printed name.
    pub display_name: String,
}

/// Change the own settings.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonPreferences {
    /// Preferred language.
    pub locale: Locale,
    /// E-mail address; absent or empty: none.
    #[serde(default)]
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// Get mails of what waits for oneself (邮件通知); needs an address.
    #[serde(default)]
    pub mail_notices: bool,
}

/// Change the own password; all other sessions end.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password until now.
    #[schema(max_length = 128)]
    pub current_password: String,
    /// The new one, 12 to 128 characters.
    #[schema(min_length = 12, max_length = 128)]
    pub new_password: String,
}

/// An organisation in a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganisationRef {
    /// The organisation.
    pub id: OrganisationId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: Name,
    /// Holds demonstration data with public passwords.
    pub demo: bool,
}

/// An organisation's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Organisation {
    /// The organisation.
    pub id: OrganisationId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: Name,
    /// IANA time zone of its calendar days.
    pub time_zone: String,
    /// Subcontractors count deliveries without seeing the issued quantity (盲收).
    pub blind_count: bool,
    /// Facts of its genealogy that a lot needs to be released, in per cent (放行所需追溯完整率); absent: none.
    pub trace_threshold_percent: Option<i16>,
    /// Whoever signs with a password also gives a code of an authenticator app (签名双因素).
    pub second_factor_to_sign: bool,
    /// Holds demonstration data.
    pub demo: bool,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Change an organisation's settings.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationUpdate {
    /// Name.
    pub name: Name,
    /// IANA time zone.
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
    /// Subcontractors count deliveries without seeing the issued quantity (盲收).
    pub blind_count: bool,
    /// Facts of its genealogy that a lot needs to be released, 1 to 100 per cent; absent: it needs none.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100, example = 90)]
    pub trace_threshold_percent: Option<i16>,
    /// Whoever signs with a password also gives a code of an authenticator app.
    #[serde(default)]
    pub second_factor_to_sign: bool,
}

/// A member of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// The membership.
    pub id: MembershipId,
    /// The person.
    pub person: Person,
    /// The subcontractor the person works for; absent for our own people.
    pub partner: Option<PartnerRef>,
    /// Roles held.
    pub roles: Vec<RoleRef>,
    /// Who decides on what this one asks for, where a flow says so (直属主管).
    pub manager: Option<PersonRef>,
    /// May work here.
    pub active: bool,
    /// When name and login were erased; nothing as long as they are known.
    pub erased_at: Option<DateTime<Utc>>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Add a person to the organisation. When the login exists already (a subcontractor's person who
/// serves another maker), that person joins and the password given here is ignored.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberCreate {
    /// Sign-in name: lower-case letters, digits, `.`, `_`, `-`, `@`.
    #[schema(example = "li.na", max_length = 64)]
    pub login: String,
    /// Printed name.
    #[schema(example = "李娜", max_length = 100)]
    pub display_name: String,
    /// First password; the person has to change it.
    #[schema(min_length = 12, max_length = 128)]
    pub password: String,
    /// Preferred language.
    pub locale: Locale,
    /// Subcontractor, for a portal member.
    #[serde(default)]
    pub partner_id: Option<crate::id::PartnerId>,
    /// Roles.
    pub role_ids: Vec<RoleId>,
}

/// Change a member.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberUpdate {
    /// Roles.
    pub role_ids: Vec<RoleId>,
    /// Who decides on what this one asks for, where a flow says so: another of the maker's own people.
    #[serde(default)]
    pub manager_id: Option<PersonId>,
    /// May work here. Taking it away ends the person's sessions here at once.
    pub active: bool,
}

/// Erase a person who no longer works here.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberErasure {
    /// Why. It stays in the record, so it must not name the person.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

/// Give a member a new first password, which the person has to change.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    /// First password.
    #[schema(min_length = 12, max_length = 128)]
    pub password: String,
}

/// A role in a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoleRef {
    /// The role.
    pub id: RoleId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: Name,
}

/// A role: a named set of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Role {
    /// The role.
    pub id: RoleId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: Name,
    /// What it allows.
    pub permissions: Vec<Permission>,
    /// Active members who hold it.
    pub member_count: i64,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Make or change a role.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleWrite {
    /// Code: lower-case letters, digits and `-`.
    #[schema(example = "warehouse", max_length = 32)]
    pub code: String,
    /// Name.
    pub name: Name,
    /// What it allows: portal permissions only, or none of them.
    pub permissions: Vec<Permission>,
}
