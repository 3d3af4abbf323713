//! Signatures as they are shown (21 CFR 11.50): who, when and in which zone, what it means, and whether it holds.

use leptos::prelude::*;
use lotline_common::ledger::DocumentKind;
use lotline_common::page::Page;
use lotline_common::signing::{Signature, SignatureStanding};
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use crate::components::page::beside;
use crate::i18n::{tf, time_in_zone, tx, worded};
use crate::{api, state};

/// Signatures of a document; nothing where there are none.
#[component]
pub fn SignaturesOf(
    /// Kind of document.
    kind: DocumentKind,
    /// Which.
    id: Uuid,
    /// Topics that bring news of it.
    topics: &'static [LiveTopic],
) -> impl IntoView {
    let news = state::live(topics);
    let signatures = api::read::<Page<Signature>>(move || {
        news.track();
        format!("/signatures?document_kind={kind}&document_id={id}")
    });
    beside(signatures, |page| {
        view! { <Signatures signatures=page.items><h2>{tx("signing.signatures")}</h2></Signatures> }.into_any()
    })
}

/// Signatures, the first first; nothing where there are none.
#[component]
pub fn Signatures(
    /// Which.
    signatures: Vec<Signature>,
    /// Their title.
    children: Children,
) -> impl IntoView {
    (!signatures.is_empty()).then(|| {
        view! {
            <section class="section" aria-label=tx("signing.signatures") data-testid="signatures">
                {children()}
                <ol class="signatures">{signatures.into_iter().map(shown).collect_view()}</ol>
            </section>
        }
    })
}

fn shown(signature: Signature) -> AnyView {
    let (decision, meaning, standing) = (signature.decision, signature.meaning, signature.standing);
    let digest: String = signature.digest.chars().take(12).collect();
    let other = signature.in_place_of.map(|other| other.display_name);
    let other = move || other.as_ref().map(|other| format!(" · {}", tf("inbox.for_other", &[("person", other)])));
    let (class, glyph) = match standing {
        SignatureStanding::Valid => ("badge badge--ok", "#g-done"),
        SignatureStanding::Superseded => ("badge", "#g-open"),
        SignatureStanding::RecordChanged | SignatureStanding::SignatureChanged | SignatureStanding::KeyChanged => {
            ("badge badge--danger", "#g-stop")
        }
    };
    view! {
        <li class="signature" data-standing=standing.as_str()>
            <div class="row row--between row--wrap">
                <span class="strong">{signature.signer.display_name}</span>
                <span class=class>
                    <svg class="glyph" aria-hidden="true"><use href=glyph></use></svg>{worded("signature_standing", &standing)}
                </span>
            </div>
            <div class="signature__meaning">
                {worded("signature_meaning", &meaning)}" · "{worded("decision", &decision)}{other}
            </div>
            <div class="signature__meta">
                <time datetime=signature.signed_at.to_rfc3339()>{time_in_zone(signature.signed_at, &signature.zone)}</time>
                " · "{worded("signing_method", &signature.method)}" · "
                <span class="hash" title=signature.digest>{digest}</span>
            </div>
        </li>
    }
    .into_any()
}
