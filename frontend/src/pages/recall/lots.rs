//! The lots of a recall with what became of them, and lifting their hold.

use leptos::prelude::*;
use lotline_common::page::Page;
use lotline_common::permission::Permission;
use lotline_common::recall::{HoldState, Recall, RecallFigures, RecallLift, RecallLot, RecallState};
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;

use super::detail::{Case, step};
use crate::components::dialog::{ReasonDialog, open_while};
use crate::components::material::LotLink;
use crate::components::page::loaded;
use crate::components::status::Status;
use crate::components::table::table;
use crate::i18n::{named, quantity, said, t, tf, tx};
use crate::{api, state};

/// What a recall's lots are shown with, and which of it are figures.
pub const TITLES: [(&str, bool); 11] = [
    ("field.lot", false),
    ("recall.certainty", false),
    ("recall.hold_state", false),
    ("field.unit", false),
    ("recall.affected_quantity", true),
    ("recall.located", true),
    ("recall.returned", true),
    ("recall.destroyed", true),
    ("recall.at_customers", true),
    ("recall.residual", true),
    ("recall.rate", true),
];

/// The figures under [`TITLES`], but the rate.
pub fn amounts(figures: &RecallFigures) -> [Decimal; 6] {
    [
        figures.affected(),
        figures.located(),
        figures.returned,
        figures.destroyed,
        figures.outstanding(),
        figures.residual(),
    ]
}

/// Lots that a page shows at most; the rest is in the list as CSV.
const SHOWN: usize = 500;

/// The lots of a recall.
#[component]
pub fn Lots(
    /// The recall.
    case: Case,
) -> impl IntoView {
    let news = state::live(&[LiveTopic::Recall, LiveTopic::Stock, LiveTopic::Lot]);
    let id = case.id;
    let lots = api::read::<Page<RecallLot>>(move || {
        news.track();
        format!("/recall-lots?recall_id={}&limit={SHOWN}", id.get())
    });
    let (lifting, problem) = (RwSignal::new(None::<RecallLot>), RwSignal::new(None));
    let open = open_while(lifting);
    let lift = api::action(move |reason: &String| {
        let lot_ids = lifting.get_untracked().map(|lot| lot.id).into_iter().collect();
        let command = RecallLift { lot_ids, reason: reason.clone() };
        async move {
            match step(case, "lifts", &command).await {
                Ok(()) => open.set(false),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let held = move || case.get(|recall| recall.record_state == RecallState::Held).unwrap_or_default();
    view! {
        <section class="section" data-testid="recall-lots">
            <h2>{tx("recall.affected_lots")}</h2>
            {loaded(lots, move |page| {
                let csv = api::address(&format!("/recall-lots?recall_id={}&format=csv", id.get_untracked()));
                view! {
                    {lots_table(page.items, move || held() && state::may(Permission::RecallLift), lifting)}
                    <p class="small row">
                        {page.next.is_some().then(|| tx("common.older"))}
                        <a href=csv download=true rel="external">"CSV"</a>
                    </p>
                }
            })}
        </section>
        <ReasonDialog
            open title=said("recall.lift") explanation=said("recall.lift_text") problem pending=lift.pending()
            confirm=Callback::new(move |reason| { lift.dispatch(reason); })
        />
    }
}

fn lots_table(
    lots: Vec<RecallLot>,
    may_lift: impl Fn() -> bool + Copy + Send + Sync + 'static,
    lifting: RwSignal<Option<RecallLot>>,
) -> AnyView {
    let row = move |lot: RecallLot| {
        let (figures, unit) = (lot.figures, lot.item.unit.code.clone());
        let amount = |value: Decimal| view! { <td class="num">{quantity(value)}</td> };
        let (certain, held) = (lot.certain, lot.hold_state == HoldState::Held);
        let (chosen, code) = (lot.clone(), lot.lot.code.clone());
        let button = move || {
            let lot = chosen.clone();
            (held && may_lift()).then(move || view! {
                <button class="btn btn--sm" type="button" data-testid="recall-lift" on:click=move |_| lifting.set(Some(lot.clone()))>{tx("recall.lift")}</button>
            })
        };
        view! {
            <tr data-lot=code>
                <td><div class="cell-2"><LotLink lot=Some(lot.lot) /><span>{named(lot.item.name)}</span></div></td>
                <td class="nowrap">{move || t(if certain { "recall.certain" } else { "recall.possible" })}</td>
                <td title=lot.lift_reason><Status value=lot.hold_state /></td>
                <td class="code">{unit}</td>
                {amounts(&figures).map(amount).into_iter().collect_view()}
                <td class="num strong" data-testid="recall-rate">{quantity(figures.percent())}"%"</td>
                <td>{button}</td>
            </tr>
        }
    };
    let titles: Vec<_> = TITLES.into_iter().chain([("common.details", false)]).collect();
    table(said("recall.affected_lots"), &titles, lots.into_iter().map(row))
}

/// How many lots are accounted for, in words.
pub fn held_words(recall: &Recall) -> String {
    let total = recall.certain_count + recall.possible_count;
    tf("recall.held_of", &[("held", &recall.held_count.to_string()), ("total", &total.to_string())])
}
