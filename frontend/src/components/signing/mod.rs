//! Signing (电子签名): one dialog wherever something is signed. It shows what is signed, in words and by its digest, and its
//! signer proves anew that it is them (21 CFR 11.200).

mod deciding;
mod dialog;
pub mod passkey;
mod proof;
mod record;
mod signatures;

use gloo_net::http::Method;
use leptos::prelude::*;
use lotline_common::approvals::{Approval, ApprovalDecide};
use lotline_common::flows::SignatureMeaning;
use lotline_common::id::ApprovalId;
use lotline_common::problem::Problem;
use lotline_common::signing::{SignableRecord, SignatureGiven, SigningProof, SigningRequest};

pub use self::deciding::{Decide, ToDecide};
pub use self::dialog::SigningDialog;
pub use self::record::Record;
pub use self::signatures::{Signatures, SignaturesOf};
use super::Icon;
use crate::api::{self, Answer};
use crate::i18n::t;
use crate::pages::subcontract_receipts::Desk;

/// A decision that is to be signed, and the record as its signer sees it.
#[derive(Debug, Clone)]
pub struct ToSign {
    /// At whose desk.
    pub desk: Desk,
    /// The approval.
    pub id: ApprovalId,
    /// Number of the document.
    pub number: String,
    /// What agreeing means.
    pub meaning: SignatureMeaning,
    /// The decision, not signed yet.
    pub command: ApprovalDecide,
    /// What is said with it, in words: a name and a text each.
    pub said: Vec<(String, String)>,
    /// What is signed.
    pub record: SignableRecord,
}

impl ToSign {
    fn path(&self, operation: &str) -> String {
        let folder = match self.desk {
            Desk::Maker => "approvals",
            Desk::Portal => "countersignatures",
        };
        format!("/{folder}/{}/{operation}", self.id)
    }

    /// Has it signed, and sends it. The portal is not told more than that it was taken.
    async fn sign(&self, way: &Way) -> Result<Option<Approval>, Halt> {
        let proof = match way {
            Way::Password(proof) => proof.clone(),
            Way::Passkey => {
                let path = self.path("signing-requests");
                let request: SigningRequest = api::post(&path, &self.command).await?;
                let assertion = passkey::sign(&request).await.map_err(Halt::Silent)?;
                SigningProof::Passkey { request_id: request.id, assertion }
            }
        };
        let signature = Some(SignatureGiven { record: self.record.digest.clone(), proof });
        let command = ApprovalDecide { signature, ..self.command.clone() };
        let path = self.path("decisions");
        Ok(match self.desk {
            Desk::Maker => Some(api::post(&path, &command).await?),
            Desk::Portal => {
                api::act(Method::POST, &path, &command).await?;
                None
            }
        })
    }
}

/// What is to be signed now; nothing: nobody is asked.
pub type Wanted = RwSignal<Option<Vec<ToSign>>>;

/// What came of one of them.
pub type Answered = (ToSign, Answer<Option<Approval>>);

/// How somebody signs.
#[derive(Debug, Clone)]
enum Way {
    /// With what they typed.
    Password(SigningProof),
    /// With a passkey, which is asked for each.
    Passkey,
}

/// Why something that needs a proof did not come about.
pub enum Halt {
    /// The server refused it.
    Refused(Problem),
    /// The browser gave nothing.
    Silent(passkey::Silence),
}

impl From<Problem> for Halt {
    fn from(refused: Problem) -> Self {
        Self::Refused(refused)
    }
}

/// What is said where the browser gave nothing: no error, but why nothing happened.
#[component]
pub fn Silent(
    /// Catalogue key; empty: it gave what it was asked for.
    key: RwSignal<passkey::Silence>,
) -> impl IntoView {
    let said = move || {
        let key = key.get();
        (!key.is_empty()).then(|| view! { <p class="banner"><Icon name="info" /><span>{t(key)}</span></p> })
    };
    view! { <div role="status">{said}</div> }
}
