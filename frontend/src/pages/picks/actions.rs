//! What can be done with a pick task: post it, release what is short, give it up.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use lotline_common::issuing::{IssueCreate, IssueNote, Pick};
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::receiving::Reversal;

use super::detail::Bench;
use crate::components::When;
use crate::components::dialog::{Dialog, ReasonDialog};
use crate::components::field::{FormProblem, TextArea, TextField};
use crate::components::problem::ProblemBanner;
use crate::i18n::{name, said, t, tf, tx};
use crate::{api, state};

/// The actions that the task's state and the person's rights allow.
#[component]
pub fn PickActions(
    /// The workbench.
    bench: Bench,
) -> impl IntoView {
    let (posting, releasing, giving_up) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let counts = Memo::new(move |_| {
        let left = bench.open_lines().len();
        (bench.read(|pick| pick.lines.len()).unwrap_or_default() - left, left)
    });
    let picks = move || bench.is_open() && state::may(Permission::IssuePick);
    let posts = move || bench.is_open() && state::may(Permission::IssuePost);
    let partly = move || matches!(counts.get(), (1.., 1..));
    let complete = move || matches!(counts.get(), (1.., 0));
    view! {
        <When when=picks>
            <button class="btn btn--danger" type="button" data-testid="pick-cancel" on:click=move |_| giving_up.set(true)>
                {tx("picks.cancel")}
            </button>
        </When>
        <When when=move || picks() && partly()>
            <button class="btn" type="button" data-testid="pick-release" on:click=move |_| releasing.set(true)>
                {tx("picks.release")}
            </button>
        </When>
        <When when=posts>
            <button
                class="btn btn--primary" type="button" data-testid="pick-post" disabled=move || !complete()
                on:click=move |_| posting.set(true)
            >{tx("picks.post")}</button>
        </When>
        <GiveUp bench open=giving_up />
        <Dialog open=releasing title=said("picks.release")><ReleaseForm bench open=releasing /></Dialog>
        <Dialog open=posting title=said("picks.post")><PostForm bench open=posting /></Dialog>
    }
}

#[component]
fn GiveUp(bench: Bench, open: RwSignal<bool>) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    let give_up = api::action(move |reason: &String| {
        let (command, version) =
            (Reversal { reason: reason.clone() }, untrack(|| bench.read(|pick| pick.version)).unwrap_or_default());
        let path = format!("/picks/{}/cancellation", bench.id.get_untracked());
        async move {
            match api::post_version::<_, Pick>(&path, &command, version).await {
                Ok(pick) => {
                    state::toast(tf("picks.cancelled", &[("number", &pick.number)]));
                    bench.pick.set(Ok(pick));
                    open.set(false);
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let confirm = Callback::new(move |reason| {
        give_up.dispatch(reason);
    });
    view! {
        <ReasonDialog
            open title=said("picks.cancel") explanation=said("picks.cancel_text")
            problem pending=give_up.pending() confirm
        />
    }
}

#[component]
fn ReleaseForm(bench: Bench, open: RwSignal<bool>) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    let release = api::action(move |(): &()| {
        let path = format!("/picks/{}/shortage-release", bench.id.get_untracked());
        async move {
            match api::post::<_, Pick>(&path, &()).await {
                Ok(pick) => {
                    state::toast(t("picks.released"));
                    bench.pick.set(Ok(pick));
                    open.set(false);
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let text = move || tf("picks.release_text", &[("count", &bench.open_lines().len().to_string())]);
    view! {
        <div class="dialog__body"><p>{text}</p><ProblemBanner problem /></div>
        <div class="dialog__foot">
            <button class="btn" type="button" on:click=move |_| open.set(false)>{tx("common.cancel")}</button>
            <button
                class="btn btn--primary" type="button" data-testid="pick-release-confirm" disabled=release.pending()
                on:click=move |_| { release.dispatch(()); }
            >{tx("picks.release")}</button>
        </div>
    }
}

#[component]
fn PostForm(bench: Bench, open: RwSignal<bool>) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    provide_context(FormProblem(problem));
    let (carrier, seal, remark) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let navigate = use_navigate();
    let post = api::action(move |command: &IssueCreate| {
        let (command, navigate) = (command.clone(), navigate.clone());
        async move {
            match api::post::<_, IssueNote>("/issue-notes", &command).await {
                Ok(note) => {
                    open.set(false);
                    state::toast(tf("picks.posted", &[("number", &note.number)]));
                    navigate(&format!("/issue-notes/{}", note.id), NavigateOptions::default());
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(pick_id) = untrack(|| bench.read(|pick| pick.id)) else { return };
        let (carrier, seal_number) = (carrier.get_untracked(), seal.get_untracked());
        post.dispatch(IssueCreate { pick_id, carrier, seal_number, remark: remark.get_untracked() });
    };
    let partner = move || bench.read(|pick| name(&pick.partner.name)).unwrap_or_default();
    view! {
        <form on:submit=submit>
            <div class="dialog__body">
                <p class="muted">{move || tf("picks.post_text", &[("partner", &partner())])}</p>
                <TextField label=said("field.carrier") value=carrier pointer="/carrier" />
                <TextField label=said("field.seal") value=seal pointer="/seal_number" />
                <TextArea label=said("field.remark") value=remark pointer="/remark" />
                <ProblemBanner problem />
            </div>
            <div class="dialog__foot">
                <button class="btn" type="button" on:click=move |_| open.set(false)>{tx("common.cancel")}</button>
                <button class="btn btn--primary" type="submit" data-testid="pick-post-confirm" disabled=post.pending()>
                    {tx("picks.post")}
                </button>
            </div>
        </form>
    }
}
