//! Closed months, and closing one: nothing is posted into it any more.

use leptos::prelude::*;
use lotline_common::page::Page;
use lotline_common::permission::Permission;
use lotline_common::reconcile::{PeriodClose, PeriodCloseWrite};

use super::frame::settled;
use crate::api::{self, Answer, Reading};
use crate::components::When;
use crate::components::dialog::Dialog;
use crate::components::entry::{Entry, filled};
use crate::components::field::{FormProblem, TextField};
use crate::components::material::who_when;
use crate::components::page::loaded;
use crate::components::problem::ProblemBanner;
use crate::components::table::table;
use crate::i18n::{said, tf, tx};
use crate::state;

/// The closed months, the latest first.
#[component]
pub fn Periods() -> impl IntoView {
    let periods = api::read::<Page<PeriodClose>>(|| "/periods?limit=500".to_owned());
    view! {
        <section class="section" data-testid="periods">
            <h2>{tx("people.periods")}</h2>
            <p class="muted small">{tx("people.periods_hint")}</p>
            {loaded(periods, |page| {
                if page.items.is_empty() {
                    return view! { <p class="muted small">{tx("people.no_periods")}</p> }.into_any();
                }
                let row = |closed: PeriodClose| {
                    let by = who_when(Some(closed.closed_by), Some(closed.closed_at));
                    view! { <tr><td class="strong">{month(closed.month)}</td><td>{by}</td></tr> }
                };
                let titles = &[("people.month", false), ("people.closed_by", false)];
                table(said("people.periods"), titles, page.items.into_iter().map(row))
            })}
            <When when=|| state::may(Permission::PeriodClose)><Closing periods /></When>
        </section>
    }
}

fn month(day: chrono::NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

/// Closes a month, once it was asked whether it is meant.
#[component]
fn Closing(periods: Reading<Answer<Page<PeriodClose>>>) -> impl IntoView {
    let (problem, open) = (RwSignal::new(None), RwSignal::new(false));
    provide_context(FormProblem(problem));
    let wanted = RwSignal::new(String::new());
    let read = move || {
        let mut entry = Entry::default();
        let first = filled(wanted).map(|month| format!("{month}-01")).unwrap_or_default();
        let month = entry.date("/month", &first);
        entry.made(month)
    };
    let close = api::action(move |(): &()| {
        let command = read().map(|month| PeriodCloseWrite { month });
        async move {
            let closed: Answer<PeriodClose> = match command {
                Ok(command) => api::post("/periods", &command).await,
                Err(unread) => Err(unread),
            };
            if let Some(closed) = settled(closed, problem) {
                state::toast(tf("people.period_closed", &[("month", &month(closed.month))]));
                wanted.set(String::new());
                periods.refetch();
            }
            open.set(false);
        }
    });
    let text = move || tf("people.close_month_text", &[("month", &wanted.get())]);
    view! {
        <form class="stack" novalidate=true on:submit=move |event| {
            event.prevent_default();
            let unread = read().err();
            open.set(unread.is_none());
            problem.set(unread);
        }>
            <div class="form-grid">
                <TextField label=said("people.month") value=wanted pointer="/month" kind="month" required=true />
            </div>
            <ProblemBanner problem />
            <div class="row"><button class="btn" type="submit" data-testid="period-close">{tx("people.close_month")}</button></div>
        </form>
        <Dialog open title=said("people.close_month")>
            <div class="dialog__body"><p>{text}</p></div>
            <div class="dialog__foot">
                <button class="btn" type="button" on:click=move |_| open.set(false)>{tx("common.cancel")}</button>
                <button
                    class="btn btn--danger" type="button" disabled=close.pending() data-testid="dialog-confirm"
                    on:click=move |_| { close.dispatch(()); }
                >{tx("people.close_month")}</button>
            </div>
        </Dialog>
    }
}
