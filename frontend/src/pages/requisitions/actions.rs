//! What can be done with a requisition: edit, submit, withdraw, start picking.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::issuing::{
    ApprovalState, Pick, PickCreate, Requisition, RequisitionIssueState, RequisitionTransition,
};
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;

use crate::api::{self, Reading};
use crate::components::{Icon, When};
use crate::i18n::{tf, tx};
use crate::state;

/// What a page of a requisition shares between its parts.
#[derive(Clone, Copy)]
pub struct RequisitionPage {
    /// The requisition.
    pub requisition: Reading<api::Answer<Requisition>>,
    /// The draft being edited.
    pub editing: RwSignal<Option<Requisition>>,
    /// The last refusal.
    pub problem: RwSignal<Option<Problem>>,
}

impl RequisitionPage {
    fn refused(self, problem: Problem) {
        self.problem.set(Some(problem));
    }
}

/// Buttons of a requisition, those that its state and the reader's rights allow.
#[component]
pub fn RequisitionActions(
    /// The requisition.
    requisition: Requisition,
    /// Its page.
    page: RequisitionPage,
) -> impl IntoView {
    let approval = requisition.approval_state;
    let idle = requisition.issue_state == RequisitionIssueState::NotIssued;
    let draft = approval == ApprovalState::Draft;
    let withdrawable = draft || approval == ApprovalState::Pending || approval == ApprovalState::Approved && idle;
    let (id, version) = (requisition.id, requisition.version);
    let kept = StoredValue::new(requisition);
    let move_on = api::action(move |to: &ApprovalState| {
        let command = RequisitionTransition { state: *to };
        async move {
            match api::post_version::<_, Requisition>(&format!("/requisitions/{id}/transitions"), &command, version)
                .await
            {
                Ok(moved) => {
                    page.problem.set(None);
                    let done = if command.state == ApprovalState::Pending {
                        "requisitions.submitted"
                    } else {
                        "requisitions.withdrawn"
                    };
                    state::toast(tf(done, &[("number", &moved.number)]));
                    page.requisition.refetch();
                }
                Err(refused) => page.refused(refused),
            }
        }
    });
    let pending = move_on.pending();
    view! {
        <When when=move || withdrawable && state::may(Permission::RequisitionEdit)>
            <button
                class="btn btn--danger" type="button" data-testid="requisition-withdraw" disabled=pending
                on:click=move |_| { move_on.dispatch(ApprovalState::Withdrawn); }
            >{tx("requisitions.withdraw")}</button>
        </When>
        <When when=move || draft && state::may(Permission::RequisitionEdit)>
            <button class="btn" type="button" data-testid="requisition-edit" on:click=move |_| page.editing.set(Some(kept.get_value()))>
                <Icon name="pen" />{tx("common.edit")}
            </button>
            <button
                class="btn btn--primary" type="button" data-testid="requisition-submit" disabled=pending
                on:click=move |_| { move_on.dispatch(ApprovalState::Pending); }
            >{tx("requisitions.submit")}</button>
        </When>
        <When when=move || approval == ApprovalState::Pending && state::may(Permission::RequisitionApprove)>
            <a class="btn" href="/inbox">{tx("nav.inbox")}</a>
        </When>
        <When when=move || approval == ApprovalState::Approved && idle && state::may(Permission::IssuePick)>
            <PickStart requisition=id page />
        </When>
    }
}

/// Starts picking, and goes there.
#[component]
fn PickStart(requisition: lotline_common::id::RequisitionId, page: RequisitionPage) -> impl IntoView {
    let navigate = use_navigate();
    let start = api::action(move |(): &()| {
        let navigate = navigate.clone();
        async move {
            match api::post::<_, Pick>("/picks", &PickCreate { requisition_id: requisition }).await {
                Ok(pick) => navigate(&format!("/picks/{}", pick.id), Default::default()),
                Err(refused) => page.refused(refused),
            }
        }
    });
    view! {
        <button
            class="btn btn--primary" type="button" data-testid="pick-start" disabled=start.pending()
            on:click=move |_| { start.dispatch(()); }
        ><Icon name="play" />{tx("requisitions.pick_start")}</button>
    }
}
