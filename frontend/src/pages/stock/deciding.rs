//! Quality's decision about stock that has no lot.

use leptos::prelude::*;
use lotline_common::ledger::{ItemStock, Stock, StockStatus};
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::quality::{LotDecision, StockDecisionCreate};

use crate::components::When;
use crate::components::choices::words;
use crate::components::dialog::{Dialog, ReasonForm, open_while};
use crate::components::entry::Entry;
use crate::components::field::{SelectField, TextField};
use crate::components::status::Status;
use crate::i18n::{quantity, said, tf, tx, word};
use crate::pages::lots::decision::ShelfField;
use crate::{api, state};

/// The stock that is being decided about.
#[derive(Clone, Copy)]
struct Deciding(RwSignal<Option<Stock>>);

/// What can be decided about stock in a status.
const fn choices(status: StockStatus) -> &'static [LotDecision] {
    match status {
        StockStatus::Quarantine => &[LotDecision::Release, LotDecision::Block],
        StockStatus::Available => &[LotDecision::Block],
        StockStatus::Blocked => &[LotDecision::Unblock],
        StockStatus::Rejected => &[],
    }
}

/// The status of a position; where it has no lot, lies in our house and is not all
/// reserved, with what quality decides about it.
pub fn status(stock: &Stock) -> AnyView {
    let ours = stock.lot.is_none() && stock.location.kind.is_own() && !choices(stock.status).is_empty();
    let ours = ours && stock.on_hand > stock.reserved;
    let deciding = use_context::<Deciding>().filter(|_| ours && state::may(Permission::LotRelease));
    let button = deciding.map(|Deciding(chosen)| {
        let stock = stock.clone();
        view! {
            <button class="btn btn--sm" type="button" data-testid="stock-decide" on:click=move |_| chosen.set(Some(stock.clone()))>
                {tx("stock.decide")}
            </button>
        }
    });
    view! { <span class="row"><Status value=stock.status />{button}</span> }.into_any()
}

/// Makes the dialog of a list whose rows show [`status`].
pub fn dialog() -> AnyView {
    let chosen = RwSignal::new(None::<Stock>);
    provide_context(Deciding(chosen));
    let open = open_while(chosen);
    let title = move || {
        let code = chosen.with(|stock| stock.as_ref().map(|stock| stock.item.code.clone())).unwrap_or_default();
        tf("stock.decide_about", &[("item", &code)])
    };
    view! {
        <Dialog open title=Signal::derive(title)>
            {move || chosen.get().map(|stock| view! { <DecisionForm stock open /> })}
        </Dialog>
    }
    .into_any()
}

async fn decide(stock: &Stock, command: &StockDecisionCreate) -> Result<ItemStock, Problem> {
    api::post(&format!("/stock/{}/decisions", stock.id), command).await
}

#[component]
fn DecisionForm(stock: Stock, open: RwSignal<bool>) -> impl IntoView {
    let problem = RwSignal::new(None);
    let offered = choices(stock.status);
    let decision = RwSignal::new(offered.first().map(ToString::to_string).unwrap_or_default());
    let free = (stock.on_hand - stock.reserved).normalize();
    let (amount, shelf) = (RwSignal::new(free.to_string()), RwSignal::new(String::new()));
    let chosen = move || decision.get().parse().unwrap_or(LotDecision::Block);
    let unit = stock.item.unit.code.clone();
    let submit = api::action(move |reason: &String| {
        let mut entry = Entry::default();
        let quantity = entry.quantity("/quantity", &amount.get_untracked());
        let command = quantity.map(|quantity| StockDecisionCreate {
            decision: untrack(chosen),
            quantity,
            reason: reason.clone(),
            to_location_id: shelf.get_untracked().parse().ok(),
        });
        let (stock, command) = (stock.clone(), command.ok_or_else(|| entry.problem()));
        async move {
            let decided = match &command {
                Ok(command) => decide(&stock, command).await.map(|_| command),
                Err(problem) => Err(problem.clone()),
            };
            match decided {
                Ok(command) => {
                    let (done, amount) =
                        (word("lot_decision", command.decision), crate::i18n::quantity(command.quantity));
                    state::toast(tf(
                        "stock.decided",
                        &[("item", &stock.item.code), ("quantity", &amount), ("decision", &done)],
                    ));
                    open.set(false);
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let confirm = Callback::new(move |reason| {
        submit.dispatch(reason);
    });
    let hint = move || tf("stock.decide_free", &[("quantity", &quantity(free)), ("unit", &unit)]);
    view! {
        <ReasonForm
            open label=said("stock.decide") explanation=said("stock.decide_text")
            hint=said("lots.reason_hint") problem pending=submit.pending() confirm
        >
            <SelectField
                label=said("field.decision") value=decision required=true pointer="/decision"
                choices=Signal::derive(move || words("lot_decision", offered))
            />
            <TextField
                label=said("field.quantity") value=amount pointer="/quantity" figure=true required=true
                hint=Signal::derive(hint)
            />
            <When when=move || chosen() == LotDecision::Release><ShelfField shelf /></When>
        </ReasonForm>
    }
}
