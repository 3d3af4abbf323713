//! The form of a requisition: lines, when, how urgent, why.

use leptos::prelude::*;
use lotline_common::id::{OrderId, RequisitionId};
use lotline_common::issuing::{
    ApprovalState, Priority, Requisition, RequisitionCreate, RequisitionTransition, RequisitionUpdate, SupplementReason,
};
use lotline_common::problem::Problem;

use super::lines::{Line, LineTable, lines_command};
use crate::components::Icon;
use crate::components::choices::words;
use crate::components::entry::Entry;
use crate::components::field::{FormProblem, SelectField, TextArea, TextField};
use crate::components::problem::ProblemBanner;
use crate::i18n::{said, t, tf, tx};
use crate::{api, state};

/// The head of a requisition, as typed.
#[derive(Clone, Copy)]
pub struct Fields {
    needed_on: RwSignal<String>,
    priority: RwSignal<String>,
    supplement: Option<RwSignal<String>>,
    reason: RwSignal<String>,
}

impl Fields {
    /// As a requisition has them, or empty.
    pub fn of(before: Option<&Requisition>) -> Self {
        Self {
            needed_on: RwSignal::new(before.map(|before| before.needed_on.to_string()).unwrap_or_default()),
            priority: RwSignal::new(before.map_or(Priority::Normal, |before| before.priority).to_string()),
            supplement: None,
            reason: RwSignal::new(before.map(|before| before.reason.clone()).unwrap_or_default()),
        }
    }

    /// Empty, for what goes beyond the order's requirement: it has to say why.
    pub fn beyond() -> Self {
        Self { supplement: Some(RwSignal::new(String::new())), ..Self::of(None) }
    }

    fn command(self, lines: &[Line]) -> Result<(RequisitionUpdate, Option<SupplementReason>), Problem> {
        let mut entry = Entry::default();
        let needed_on = entry.date("/needed_on", &self.needed_on.get_untracked());
        let priority = entry.chosen("/priority", &self.priority.get_untracked());
        let lines = lines_command(&mut entry, lines);
        let supplement = self.supplement.map(|chosen| entry.chosen("/supplement", &chosen.get_untracked()));
        match (needed_on, priority, lines) {
            (Some(needed_on), Some(priority), Some(lines)) if supplement != Some(None) => {
                let reason = self.reason.get_untracked();
                Ok((RequisitionUpdate { needed_on, priority, reason, lines }, supplement.flatten()))
            }
            _ => Err(entry.problem()),
        }
    }
}

/// What is written.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// A new requisition for an order.
    New(OrderId),
    /// A version of one that is a draft.
    Change(RequisitionId, i64),
}

/// Writes, and submits when asked to. A change that was written but not submitted moves the target to
/// the version that is there now, so that the next try meets it.
async fn write(
    target: RwSignal<Target>,
    command: (RequisitionUpdate, Option<SupplementReason>),
    submit: bool,
) -> api::Answer<Requisition> {
    let (command, supplement) = command;
    match target.get_untracked() {
        Target::New(order_id) => {
            let RequisitionUpdate { needed_on, priority, reason, lines } = command;
            api::post(
                "/requisitions",
                &RequisitionCreate { order_id, needed_on, priority, supplement, reason, lines, submit },
            )
            .await
        }
        Target::Change(id, version) => {
            let written: Requisition = api::put(&format!("/requisitions/{id}"), &command, version).await?;
            if !submit {
                return Ok(written);
            }
            target.set(Target::Change(id, written.version));
            let command = RequisitionTransition { state: ApprovalState::Pending };
            api::post_version(&format!("/requisitions/{id}/transitions"), &command, written.version).await
        }
    }
}

fn tell(requisition: &Requisition) {
    state::toast(match requisition.approval_state {
        ApprovalState::Pending => tf("requisitions.submitted", &[("number", &requisition.number)]),
        _ => t("common.saved"),
    });
}

/// The form.
#[component]
pub fn RequisitionForm(
    /// What is written.
    target: Target,
    /// Its head.
    fields: Fields,
    /// What can be asked for, as proposed, and as it stands now.
    lines: (Vec<Line>, Vec<Line>),
    /// It is written, or left.
    done: Callback<Option<Requisition>>,
) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let (proposed, now) = lines;
    let (target, lines) = (RwSignal::new(target), RwSignal::new(now));
    let save = api::action(move |submit: &bool| {
        // What nobody proposes and nobody asks for is no line.
        lines.update(|lines| lines.retain(Line::is_meant));
        let (command, submit) = (lines.with_untracked(|lines| fields.command(lines)), *submit);
        async move {
            let written = match command {
                Ok(command) => write(target, command, submit).await,
                Err(refused) => Err(refused),
            };
            match written {
                Ok(requisition) => {
                    tell(&requisition);
                    done.run(Some(requisition));
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let pending = save.pending();
    view! {
        <form class="stack" novalidate=true on:submit=move |event| {
            event.prevent_default();
            save.dispatch(true);
        }>
            <Lines lines proposed problem />
            <HeadFields fields />
            <ProblemBanner problem />
            <div class="row row--wrap">
                <button class="btn btn--primary" type="submit" disabled=pending data-testid="requisition-submit">
                    {tx("requisitions.submit")}
                </button>
                <button
                    class="btn" type="button" disabled=pending data-testid="requisition-save"
                    on:click=move |_| { save.dispatch(false); }
                >{tx("requisitions.save")}</button>
                <button class="btn btn--quiet" type="button" on:click=move |_| done.run(None)>{tx("common.cancel")}</button>
            </div>
        </form>
    }
}

#[component]
fn Lines(lines: RwSignal<Vec<Line>>, proposed: Vec<Line>, problem: RwSignal<Option<Problem>>) -> impl IntoView {
    let proposed = StoredValue::new(proposed);
    let restore = move |_| {
        problem.set(None);
        lines.set(proposed.get_value());
    };
    view! {
        <section class="section">
            <div class="row row--between row--wrap">
                <h2>{tx("requisitions.lines")}</h2>
                <button class="btn btn--quiet btn--sm" type="button" on:click=restore>
                    <Icon name="undo" small=true />{tx("requisitions.proposal")}
                </button>
            </div>
            <Show
                when=move || !lines.with(Vec::is_empty)
                fallback=|| view! { <p class="muted small">{tx("requisitions.no_lines")}</p> }
            ><LineTable lines /></Show>
        </section>
    }
}

#[component]
fn HeadFields(fields: Fields) -> impl IntoView {
    view! {
        <div class="form-grid">
            <TextField
                label=said("field.needed_on") value=fields.needed_on kind="date" pointer="/needed_on" required=true
            />
            <SelectField
                label=said("field.priority") value=fields.priority pointer="/priority" required=true
                choices=Signal::derive(|| words("priority", Priority::ALL))
            />
            {fields.supplement.map(|value| view! {
                <SelectField
                    label=said("requisitions.supplement_reason") value pointer="/supplement" required=true
                    choices=Signal::derive(|| words("supplement_reason", SupplementReason::ALL))
                />
            })}
            <div class="wide">
                <TextArea
                    label=said("common.reason") value=fields.reason pointer="/reason"
                    hint=said("requisitions.reason_hint")
                />
            </div>
        </div>
    }
}
