//! People: members, roles, the organisation's settings, the own account.

mod absences;
mod account;
mod failures;
mod frame;
mod mails;
mod member;
mod members;
mod organisation;
mod periods;
mod roles;
mod sessions;
mod signing;

pub use account::AccountPage;
pub use frame::{SaveProblem, settled};
pub use mails::MailList;
pub use member::MemberDetail;
pub use members::{MemberList, MemberNew};
pub use organisation::OrganisationPage;
pub use roles::{RoleDetail, RoleList, RoleNew};
