//! Saving what is drawn, and handing it in.

use leptos::prelude::*;
use lotline_common::approvals::flow::{ApprovalFlowDetail, FlowState, FlowVersionTransition, FlowVersionUpdate};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::desk::Desk;
use crate::api::{self, Answer};
use crate::i18n::t;
use crate::pages::flows::edit::Plan;
use crate::state;

impl Desk {
    /// Saves, and hands in for publication if that is wanted.
    pub fn save(self, submit: bool) {
        if self.pending.get_untracked() || stopped_by_a_field() {
            return;
        }
        self.pending.set(true);
        let plan = self.plan.get_untracked();
        leptos::task::spawn_local(async move {
            let answer = self.send(&plan, submit).await;
            // The desk may have been left meanwhile.
            if self.pending.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(()) => {
                    self.problem.set(None);
                    self.told.set(t("common.saved"));
                    state::toast(t(if submit { "flows.submitted" } else { "common.saved" }));
                }
                Err(refused) => self.problem.set(Some(refused)),
            }
        });
    }

    async fn send(self, plan: &Plan, submit: bool) -> Answer<()> {
        let (id, stamp) = self.version.get_untracked();
        if !submit || self.saved.with_untracked(|saved| saved != plan) {
            let command = FlowVersionUpdate {
                condition: plan.condition.clone(),
                drawing: plan.drawing.clone(),
                change_note: plan.note.clone(),
            };
            let saved: ApprovalFlowDetail = api::put(&format!("/approval-flow-versions/{id}"), &command, stamp).await?;
            self.take(&saved, plan.clone());
        }
        if submit {
            let stamp = self.version.get_untracked().1;
            let path = format!("/approval-flow-versions/{id}/transitions");
            let command = FlowVersionTransition { state: FlowState::Pending };
            let submitted: ApprovalFlowDetail = api::post_version(&path, &command, stamp).await?;
            self.take(&submitted, plan.clone());
            self.submitted.set(true);
        }
        Ok(())
    }

    /// Takes over what the server keeps now.
    fn take(self, detail: &ApprovalFlowDetail, saved: Plan) {
        let id = self.version.get_untracked().0;
        if let Some(version) = detail.versions.iter().find(|version| version.id == id) {
            self.version.set((id, version.version));
            self.saved.set(saved);
        }
    }

    /// Reads again what somebody else saved meanwhile. What was drawn here is one step back.
    pub fn reload(self) {
        let (flow, id) = (self.flow.with_value(|flow| flow.id), self.version.get_untracked().0);
        leptos::task::spawn_local(async move {
            let read = api::get::<ApprovalFlowDetail>(&format!("/approval-flows/{flow}")).await;
            match read {
                Ok(detail) => {
                    let version = detail.versions.iter().find(|version| version.id == id);
                    let Some(plan) = version.map(super::desk::plan_of) else { return };
                    self.edit("", &mut |now| now.clone_from(&plan));
                    self.take(&detail, plan);
                    self.problem.set(None);
                }
                Err(refused) => self.problem.set(Some(refused)),
            }
        });
    }
}

/// Whether a field holds what cannot be read; it then gets the focus.
fn stopped_by_a_field() -> bool {
    let wrong = document().query_selector(".flowpage [aria-invalid=true]").ok().flatten();
    let Some(wrong) = wrong.and_then(|wrong| wrong.dyn_into::<HtmlElement>().ok()) else { return false };
    drop(wrong.focus());
    true
}
