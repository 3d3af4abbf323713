//! Bringing somebody else in: passing it on, another who has to agree, or somebody named where nobody was found.

use leptos::prelude::*;
use lotline_common::access::PersonRef;
use lotline_common::approvals::{Approval, ApprovalInvolve, ApprovalProgress, ApprovalTask, Involvement};
use lotline_common::flows::run::Mark;
use lotline_common::id::ApprovalId;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;

use crate::components::Icon;
use crate::components::dialog::{Dialog, ReasonForm, open_while};
use crate::components::entry::Entry;
use crate::components::field::{Choice, SelectField};
use crate::i18n::{said, t, tf, word};
use crate::pages::flows::words::title_of;
use crate::{api, state};

/// Somebody brought in, and at which step.
type Wanted = (Involvement, String);

/// Which ways there are for the reader.
fn ways(progress: &ApprovalProgress) -> Vec<Wanted> {
    let of_task = |task: &ApprovalTask| {
        let delegate = task.may_delegate.then(|| (Involvement::Delegate, task.step.clone()));
        delegate.into_iter().chain([(Involvement::Add, task.step.clone())]).collect::<Vec<_>>()
    };
    let stuck = progress.run.marks.iter().filter(|(_, mark)| matches!(mark, Mark::Stuck { .. }));
    let stuck = stuck.filter(|_| state::may(Permission::AccessEdit) && progress.run.outcome.is_none());
    let appoint = stuck.map(|(step, _)| (Involvement::Appoint, step.clone()));
    progress.tasks.iter().flat_map(of_task).chain(appoint).collect()
}

/// Buttons for the ways there are, and the dialog of the one that is chosen.
#[component]
pub fn Involving(
    /// The approval.
    progress: StoredValue<ApprovalProgress>,
    /// Reads it again.
    again: Callback<()>,
) -> impl IntoView {
    let wanted = RwSignal::new(None::<Wanted>);
    let open = open_while(wanted);
    let id = progress.with_value(|progress| progress.approval.id);
    let several = progress.with_value(|progress| progress.tasks.len() > 1);
    let button = move |way: Wanted| {
        let (kind, step) = way.clone();
        let label = move || {
            let title = progress.with_value(|progress| title_of(&progress.drawing, &step));
            let at = several || kind == Involvement::Appoint;
            if at { format!("{} · {title}", word("involvement", kind)) } else { word("involvement", kind) }
        };
        view! {
            <button class="btn btn--sm" type="button" data-involve=kind.as_str() on:click=move |_| wanted.set(Some(way.clone()))>
                <Icon name="forward" small=true />{label}
            </button>
        }
    };
    let ways = progress.with_value(ways);
    let title = move || wanted.get().map(|(kind, _)| word("involvement", kind)).unwrap_or_default();
    view! {
        {(!ways.is_empty()).then(|| view! { <div class="row row--wrap">{ways.into_iter().map(button).collect_view()}</div> })}
        <Dialog open title=Signal::derive(title)>
            {move || wanted.get().map(|(kind, step)| view! { <Person id kind step open again /> })}
        </Dialog>
    }
}

#[component]
fn Person(id: ApprovalId, kind: Involvement, step: String, open: RwSignal<bool>, again: Callback<()>) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    let person = RwSignal::new(String::new());
    let query = api::query(&[("step", step.clone())]);
    let people = api::read::<Vec<PersonRef>>(move || format!("/approvals/{id}/candidates{query}"));
    let choices = move || {
        let people = people.get().and_then(Result::ok).unwrap_or_default();
        people.into_iter().map(|person| (person.id.to_string(), person.display_name)).collect::<Vec<Choice>>()
    };
    let involve = api::action(move |reason: &String| {
        let mut entry = Entry::default();
        let person = entry.chosen("/person_id", &person.get_untracked());
        let command = entry.made(person.map(|person_id| ApprovalInvolve {
            involvement: kind,
            step: step.clone(),
            person_id,
            reason: reason.clone(),
        }));
        async move {
            let answer: api::Answer<Approval> = match command {
                Ok(command) => api::post(&format!("/approvals/{id}/involvements"), &command).await,
                Err(unread) => Err(unread),
            };
            match answer {
                Ok(changed) => {
                    state::toast(tf("inbox.involved", &[("number", &changed.document.number)]));
                    open.set(false);
                    again.run(());
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let explanation = Signal::derive(move || {
        t(match kind {
            Involvement::Delegate => "inbox.delegate_text",
            Involvement::Add => "inbox.add_text",
            Involvement::Appoint => "inbox.appoint_text",
        })
    });
    view! {
        <ReasonForm
            open label=Signal::derive(move || word("involvement", kind)) explanation problem pending=involve.pending()
            confirm=Callback::new(move |reason| { involve.dispatch(reason); })
        >
            <SelectField label=said("inbox.person") value=person choices=Signal::derive(choices) pointer="/person_id" required=true />
        </ReasonForm>
    }
}
