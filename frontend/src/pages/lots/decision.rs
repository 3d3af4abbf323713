//! A decision of quality about a lot: what it does, why, and on release the shelf.

use leptos::prelude::*;
use lotline_common::id::LotId;
use lotline_common::ledger::Lot;
use lotline_common::masterdata::Location;
use lotline_common::problem::Problem;
use lotline_common::quality::{LotDecision, LotDecisionCreate};

use crate::components::choices::{location_choices, records};
use crate::components::dialog::{Dialog, ReasonForm};
use crate::components::field::SelectField;
use crate::i18n::{said, t, tf, word, worded};
use crate::{api, state};

/// Asks for a decision's reason, and takes it.
#[component]
pub fn DecisionDialog(
    /// The lot as it was read last.
    lot: Signal<Option<Lot>>,
    /// Which decision.
    deciding: RwSignal<Option<LotDecision>>,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Runs when it was taken.
    decided: Callback<()>,
) -> impl IntoView {
    let title = move || deciding.get().map(|decision| t(&format!("lots.{decision}"))).unwrap_or_default();
    view! {
        <Dialog open title=Signal::derive(title)>
            {move || deciding.get().map(|decision| view! { <DecisionForm lot decision open decided /> })}
        </Dialog>
    }
}

/// Sends the decision about the version that the reader sees.
async fn decide(lot: (LotId, i64), command: &LotDecisionCreate) -> Result<Lot, Problem> {
    api::post_version(&format!("/lots/{}/decisions", lot.0), command, lot.1).await
}

#[component]
fn DecisionForm(
    lot: Signal<Option<Lot>>,
    decision: LotDecision,
    open: RwSignal<bool>,
    decided: Callback<()>,
) -> impl IntoView {
    let problem = RwSignal::new(None);
    let shelf = RwSignal::new(String::new());
    let submit = api::action(move |reason: &String| {
        let lot = lot.with_untracked(|lot| lot.as_ref().map(|lot| (lot.id, lot.version)));
        let to_location_id = shelf.get_untracked().parse().ok();
        let command = LotDecisionCreate { decision, reason: reason.clone(), to_location_id };
        async move {
            let Some(lot) = lot else { return };
            match decide(lot, &command).await {
                Ok(after) => {
                    state::toast(tf(
                        "lots.decided",
                        &[("lot", &after.code), ("status", &word("lot_status", after.status))],
                    ));
                    open.set(false);
                    decided.run(());
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let confirm = Callback::new(move |reason| {
        submit.dispatch(reason);
    });
    view! {
        <ReasonForm
            open label=Signal::derive(worded("lot_decision", &decision))
            explanation=Signal::derive(move || t(&format!("lots.{decision}_text")))
            hint=said("lots.reason_hint") problem pending=submit.pending() confirm
        >
            {(decision == LotDecision::Release).then(|| view! { <ShelfField shelf /> })}
        </ReasonForm>
    }
}

/// Asks for the shelf that released stock goes to.
#[component]
pub fn ShelfField(
    /// The shelf chosen.
    shelf: RwSignal<String>,
) -> impl IntoView {
    let shelves = records::<Location>("/locations?kind=own_stock&active=true&limit=500");
    view! {
        <SelectField
            label=said("lots.shelf") value=shelf choices=location_choices(shelves) pointer="/to_location_id"
            hint=said("lots.shelf_hint")
        />
    }
}
