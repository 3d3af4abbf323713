//! Times of being away, and who is asked meanwhile.

use leptos::prelude::*;
use lotline_common::approvals::flow::{AbsenceCancel, AbsenceCreate, PersonAbsence};
use lotline_common::id::{AbsenceId, PersonId};
use lotline_common::page::Page;

use super::frame::settled;
use crate::api::{self, Answer, Reading};
use crate::components::choices::people;
use crate::components::entry::{Entry, filled};
use crate::components::field::{Choice, FormProblem, SelectField, TextField};
use crate::components::material::or_dash;
use crate::components::page::loaded;
use crate::components::problem::ProblemBanner;
use crate::components::table::table;
use crate::i18n::{said, t, tf, time, tx};
use crate::state;

/// Times of being away of a person, with the way to add one.
#[component]
pub fn Absences(
    /// Whose.
    person: PersonId,
    /// Whether the reader may change them.
    editable: bool,
) -> impl IntoView {
    let absences = api::read::<Page<PersonAbsence>>(move || format!("/absences?person_id={person}&cancelled=false"));
    let problem = RwSignal::new(None);
    let cancel = api::action(move |id: &AbsenceId| {
        let path = format!("/absences/{id}/cancellation");
        async move {
            if settled(api::post::<_, PersonAbsence>(&path, &AbsenceCancel {}).await, problem).is_some() {
                state::toast(t("people.absence_cancelled"));
                absences.refetch();
            }
        }
    });
    let pending = cancel.pending();
    let row = move |away: PersonAbsence| {
        let (id, from) = (away.id, time(away.starts_at));
        let ends = away.ends_at > chrono::Utc::now() && editable;
        let label = move || tf("people.cancel_absence", &[("time", &from)]);
        let stand_in = away.stand_in.map(|person| person.display_name).unwrap_or_default();
        view! {
            <tr>
                <td class="nowrap">{time(away.starts_at)}</td><td class="nowrap">{time(away.ends_at)}</td>
                <td class="nowrap">{or_dash(&stand_in)}</td><td>{or_dash(&away.reason)}</td>
                <td>{ends.then(|| view! {
                    <button class="btn btn--sm" type="button" aria-label=label disabled=pending data-testid="absence-cancel" on:click=move |_| { cancel.dispatch(id); }>
                        {tx("common.cancel")}
                    </button>
                })}</td>
            </tr>
        }
    };
    let titles = &[
        ("field.starts_at", false),
        ("field.ends_at", false),
        ("field.stand_in_id", false),
        ("common.reason", false),
        ("field.action", false),
    ];
    view! {
        <section class="section account__wide" data-testid="absences">
            <h2>{tx("people.away")}</h2>
            <p class="muted small">{tx("people.away_hint")}</p>
            <ProblemBanner problem />
            {loaded(absences, move |page| {
                if page.items.is_empty() {
                    return view! { <p class="muted small">{tx("people.never_away")}</p> }.into_any();
                }
                table(said("people.away"), titles, page.items.into_iter().map(row))
            })}
            {editable.then(|| view! { <Adding person absences /> })}
        </section>
    }
}

#[component]
fn Adding(person: PersonId, absences: Reading<Answer<Page<PersonAbsence>>>) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let empty = || RwSignal::new(String::new());
    let (from, until, stand_in, reason) = (empty(), empty(), empty(), empty());
    let people = people();
    let choices = move || {
        let others = people.get().into_iter().filter(|(other, _)| *other != person.to_string());
        others.collect::<Vec<Choice>>()
    };
    let add = api::action(move |(): &()| {
        let mut entry = Entry::default();
        let starts_at = entry.moment("/starts_at", &from.get_untracked());
        let ends_at = entry.moment("/ends_at", &until.get_untracked());
        let own = state::session().is_some_and(|session| session.person.id == person);
        let command = entry.made(starts_at.zip(ends_at).map(|(starts_at, ends_at)| AbsenceCreate {
            person_id: (!own).then_some(person),
            starts_at,
            ends_at,
            stand_in_id: filled(stand_in).and_then(|id| id.parse().ok()),
            reason: reason.get_untracked(),
        }));
        async move {
            let answer: Answer<PersonAbsence> = match command {
                Ok(command) => api::post("/absences", &command).await,
                Err(unread) => Err(unread),
            };
            if settled(answer, problem).is_some() {
                state::toast(t("common.saved"));
                for field in [from, until, stand_in, reason] {
                    field.set(String::new());
                }
                absences.refetch();
            }
        }
    });
    view! {
        <form class="stack" novalidate=true on:submit=move |event| {
            event.prevent_default();
            add.dispatch(());
        }>
            <div class="form-grid">
                <TextField label=said("field.starts_at") value=from pointer="/starts_at" kind="datetime-local" required=true />
                <TextField label=said("field.ends_at") value=until pointer="/ends_at" kind="datetime-local" required=true />
                <SelectField
                    label=said("field.stand_in_id") value=stand_in choices=Signal::derive(choices) pointer="/stand_in_id"
                    hint=said("people.stand_in_hint")
                />
                <TextField label=said("common.reason") value=reason pointer="/reason" />
            </div>
            <ProblemBanner problem />
            <div><button class="btn" type="submit" disabled=add.pending() data-testid="absence-add">{tx("people.add_absence")}</button></div>
        </form>
    }
}
