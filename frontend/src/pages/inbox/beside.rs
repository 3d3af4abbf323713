//! What stands below the facts of a document that waits: the clauses it is held against, how work with the subcontractor
//! went, and the evidence. It is read for itself, so that news of stock does not draw it anew.

use leptos::prelude::*;
use lotline_common::contracts::ClauseCheck;
use lotline_common::custody::AttachmentRef;
use lotline_common::id::{OrderId, PartnerId};
use lotline_common::issuing::Requisition;
use lotline_common::masterdata::PartnerRef;
use lotline_common::material::Material;
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::dealings::Dealings;
use crate::components::attachments::Evidence;
use crate::components::page::loaded;
use crate::i18n::tx;
use crate::pages::contracts::{Findings, kept_table};
use crate::{api, state};

/// What of a document says what else is to be known.
#[derive(Clone, PartialEq, Eq)]
pub struct About {
    document: Uuid,
    /// The subcontractor, where it is about one.
    partner: Option<PartnerId>,
    /// The order of a requisition, whose clauses it is held against.
    order: Option<OrderId>,
    /// Files laid to it; none where none can be.
    files: Option<Vec<AttachmentRef>>,
}

impl About {
    /// A document with a subcontractor, and no more than that.
    pub fn of_partner(document: Uuid, partner: &PartnerRef) -> Self {
        Self { document, partner: Some(partner.id), order: None, files: None }
    }

    /// A requisition.
    pub fn of_requisition(known: Requisition) -> Self {
        let (order, files) = (Some(known.order_id), Some(known.attachments));
        Self { order, files, ..Self::of_partner(known.id.uuid(), &known.partner) }
    }

    /// A material document, with a subcontractor or in the own house.
    pub fn of_material(known: Material) -> Self {
        let partner = known.partner.map(|partner| partner.id);
        Self { document: known.id.uuid(), partner, order: None, files: Some(known.attachments) }
    }
}

/// What else is to be known of a document, each part for those who may see it.
pub fn beside(about: Memo<Option<About>>) -> AnyView {
    fn part<T: Clone + PartialEq + Send + Sync + 'static>(
        about: Memo<Option<About>>,
        of: fn(&About) -> Option<T>,
    ) -> Memo<Option<T>> {
        Memo::new(move |_| about.with(|about| about.as_ref().and_then(of)))
    }
    let held = part(about, |about| Some((about.document, about.order?)));
    let whose = part(about, |about| Some((about.document, about.partner?)));
    let files = part(about, |about| about.files.clone());
    let clauses = move || {
        let held = held.get().filter(|_| state::may(Permission::ContractView));
        held.map(|(requisition, order)| view! { <Clauses requisition order /> })
    };
    let dealings = move || {
        let whose = whose.get().filter(|_| state::may(Permission::IssueView));
        whose.map(|(document, partner)| view! { <Dealings partner document /> })
    };
    view! { {clauses}{dealings}{move || files.get().map(evidence)} }.into_any()
}

/// Clauses that the issue of a requisition would break, then those that it keeps.
#[component]
fn Clauses(requisition: Uuid, order: OrderId) -> impl IntoView {
    let news = state::live(&[LiveTopic::Requisition, LiveTopic::Contract, LiveTopic::Order, LiveTopic::Stock]);
    let check = api::read::<ClauseCheck>(move || {
        news.track();
        format!("/requisitions/{requisition}/clause-check")
    });
    view! {
        <section class="stack" aria-label=tx("contracts.clauses") data-testid="clause-check">
            <h3>{tx("contracts.clauses")}</h3>
            {loaded(check, move |check| checked(order, check))}
        </section>
    }
}

fn checked(id: OrderId, check: ClauseCheck) -> AnyView {
    let ClauseCheck { findings, kept, .. } = check;
    if findings.is_empty() && kept.is_empty() {
        return view! { <p class="muted small">{tx("inbox.clauses_none")}</p> }.into_any();
    }
    let clean = findings.is_empty().then(|| {
        view! {
            <p class="status is-ok"><svg class="glyph" aria-hidden="true"><use href="#g-done"></use></svg>{tx("inbox.clauses_clean")}</p>
        }
    });
    let kept = (!kept.is_empty()).then(|| view! { <div data-testid="clauses-kept">{kept_table(kept)}</div> });
    view! { {clean}<Findings id findings />{kept} }.into_any()
}

fn evidence(files: Vec<AttachmentRef>) -> AnyView {
    if files.is_empty() {
        return view! { <p class="muted small" data-testid="evidence-none">{tx("evidence.none")}</p> }.into_any();
    }
    view! { <Evidence attachments=files adding=None><h3>{tx("evidence.title")}</h3></Evidence> }.into_any()
}
