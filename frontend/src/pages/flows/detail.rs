//! One flow: its versions, the picture of each, what each changed, and how long its steps take.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::approvals::flow::{
    ApprovalFlow, ApprovalFlowDetail, ApprovalFlowUpdate, FlowDirectory, FlowState, FlowVersion, FlowVersionCreate,
    FlowVersionTransition, StepBeat,
};
use lotline_common::audit::AggregateKind;
use lotline_common::ledger::DocumentKind;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;

use super::changes::{Between, Changes};
use super::list::TOPICS;
use super::picture::Picture;
use super::words::{self, Names, duration};
use crate::api::{self, Answer, Reading};
use crate::components::choices::id_of_page;
use crate::components::entry::Entry;
use crate::components::field::{CheckField, FormProblem, TextField};
use crate::components::material::{or_dash, who_when};
use crate::components::page::{Fact, PageHead, loaded};
use crate::components::signing::SignaturesOf;
use crate::components::status::Status;
use crate::components::table::table;
use crate::components::timeline::Timeline;
use crate::components::{Icon, When};
use crate::i18n::{name, named, said, t, tf, time, tx, word, worded};
use crate::pages::masterdata::{NameFields, NameSignals, in_use};
use crate::pages::people::{SaveProblem, settled};
use crate::state::{self, may};

type Known = Reading<Answer<ApprovalFlowDetail>>;

/// One flow.
#[component]
pub fn FlowDetail() -> impl IntoView {
    let (id, news) = (id_of_page(), state::live(TOPICS));
    let detail = api::read::<ApprovalFlowDetail>(move || {
        news.track();
        format!("/approval-flows/{}", id.get())
    });
    let directory = api::read::<FlowDirectory>(|| "/approval-flow-directory".to_owned());
    // The version that is shown: the newest, until another is chosen.
    let chosen = RwSignal::new(None::<i32>);
    Effect::new(move |_| {
        id.track();
        chosen.set(None);
    });
    loaded(directory, move |directory| {
        let names = Names::new(directory);
        loaded(detail, move |shown| view! { <Shown shown detail names chosen /> })
    })
}

#[component]
fn Shown(shown: ApprovalFlowDetail, detail: Known, names: Names, chosen: RwSignal<Option<i32>>) -> impl IntoView {
    let (flow, label, kind) = (shown.flow.clone(), shown.flow.name.clone(), shown.flow.document_kind);
    let (id, newest) = (flow.id, shown.versions.first().map(|version| version.version_number));
    let versions = StoredValue::new(shown.versions);
    let current = Memo::new(move |_| {
        let number = chosen.get().or(newest);
        versions.with_value(|all| {
            let place = all.iter().position(|version| Some(version.version_number) == number)?;
            Some((all.get(place).cloned()?, all.get(place + 1).cloned()))
        })
    });
    let begins = flow.draft_state.is_none();
    view! {
        <PageHead
            title=Signal::derive(named(label)) sub=Signal::derive(move || word("document_kind", kind))
        >
            <When when=move || begins && may(Permission::FlowEdit)><NewDraft flow=id.to_string() detail /></When>
        </PageHead>
        <FlowFlaws flow=flow.clone() versions />
        <div class="doc-grid">
            <div class="stack">
                <FlowFacts flow=flow.clone() />
                <When when=|| may(Permission::FlowEdit)><FlowForm flow=flow.clone() detail /></When>
                <div class="row row--wrap" role="group" aria-label=tx("flows.versions")>
                    {versions.get_value().into_iter().map(|version| view! { <VersionTab version current chosen /> }).collect_view()}
                </div>
                {move || current.get().map(|(version, before)| view! { <Version version before names detail /> })}
                <SignaturesOf kind=DocumentKind::ApprovalFlow id=id.uuid() topics=TOPICS />
            </div>
            <aside><Timeline kind=AggregateKind::ApprovalFlow id=id.uuid() topics=TOPICS /></aside>
        </div>
    }
}

/// What is wrong with the published version by now.
#[component]
fn FlowFlaws(flow: ApprovalFlow, versions: StoredValue<Vec<FlowVersion>>) -> impl IntoView {
    move || {
        let published =
            versions.with_value(|all| all.iter().find(|known| known.state == FlowState::Published).cloned());
        let drawing = published.map(|published| published.drawing).unwrap_or_default();
        let told: Vec<_> = flow.flaws.iter().map(|flaw| view! { <li>{words::flaw(&drawing, flaw)}</li> }).collect();
        (!told.is_empty()).then(|| {
            view! {
                <div class="banner banner--warn section" role="note" data-testid="flow-flaws">
                    <Icon name="alert" /><div><div class="banner__title">{t("flows.published_flawed")}</div><ul>{told}</ul></div>
                </div>
            }
        })
    }
}

#[component]
fn FlowFacts(flow: ApprovalFlow) -> impl IntoView {
    view! {
        <dl class="facts">
            <Fact label=said("flows.position")>{flow.position}</Fact>
            <Fact label=said("field.state")>{in_use(flow.active)}</Fact>
            <Fact label=said("flows.published")>{flow.published_number.map_or_else(|| "—".to_owned(), |number| format!("v{number}"))}</Fact>
            <Fact label=said("flows.running")>{flow.running}</Fact>
        </dl>
    }
}

/// Begins a draft, and goes to where it is drawn.
#[component]
fn NewDraft(flow: String, detail: Known) -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let path = format!("/approval-flows/{flow}/versions");
    let begin = api::action(move |(): &()| {
        let path = path.clone();
        async move {
            match api::post::<_, ApprovalFlowDetail>(&path, &FlowVersionCreate {}).await {
                Ok(made) => {
                    let draft =
                        made.versions.first().map(|version| format!("{path}/{}", version.id)).unwrap_or_default();
                    detail.set(Ok(made));
                    navigate.with_value(|navigate| navigate(&draft, Default::default()));
                }
                Err(refused) => state::toast_problem(&refused),
            }
        }
    });
    view! {
        <button class="btn btn--primary" type="button" disabled=begin.pending() data-testid="flow-draft" on:click=move |_| { begin.dispatch(()); }>
            <Icon name="pen" />{tx("flows.new_draft")}
        </button>
    }
}

/// Name, place among the flows of its kind, and whether it is asked at all.
#[component]
fn FlowForm(flow: ApprovalFlow, detail: Known) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    provide_context(FormProblem(problem));
    let (id, stamp) = (flow.id, flow.version);
    let (names, position) = (NameSignals::of(Some(&flow.name)), RwSignal::new(flow.position.to_string()));
    let active = RwSignal::new(flow.active);
    let change = api::action(move |(): &()| {
        let mut entry = Entry::default();
        let position = entry.count("/position", &position.get_untracked());
        let (name, active) = (names.name(), active.get_untracked());
        let command = entry.made(position.map(|position| ApprovalFlowUpdate { name, position, active }));
        async move {
            let answer: Answer<ApprovalFlowDetail> = match command {
                Ok(command) => api::put(&format!("/approval-flows/{id}"), &command, stamp).await,
                Err(unread) => Err(unread),
            };
            if let Some(saved) = settled(answer, problem) {
                state::toast(t("common.saved"));
                detail.set(Ok(saved));
            }
        }
    });
    view! {
        <details class="card">
            <summary class="card__head" data-testid="flow-edit">{tx("common.edit")}</summary>
            <form class="card__body stack" novalidate=true on:submit=move |event| {
                event.prevent_default();
                change.dispatch(());
            }>
                <div class="form-grid">
                    <NameFields names />
                    <TextField label=said("flows.position") value=position pointer="/position" figure=true hint=said("flows.position_hint") />
                </div>
                <CheckField label=said("flows.active") value=active />
                <SaveProblem problem reload=Callback::new(move |()| detail.refetch()) />
                <div><button class="btn btn--primary" type="submit" disabled=change.pending() data-testid="save">{tx("common.save")}</button></div>
            </form>
        </details>
    }
}

type Current = Memo<Option<(FlowVersion, Option<FlowVersion>)>>;

#[component]
fn VersionTab(version: FlowVersion, current: Current, chosen: RwSignal<Option<i32>>) -> impl IntoView {
    let number = version.version_number;
    let pressed = move || current.with(|known| known.as_ref().is_some_and(|known| known.0.version_number == number));
    view! {
        <button class="btn btn--sm" type="button" aria-pressed=move || pressed().to_string() on:click=move |_| chosen.set(Some(number))>
            {format!("v{number}")}" "<Status value=version.state />
        </button>
    }
}

/// A version: its state, its picture, what it changed, how long its steps take.
#[component]
fn Version(version: FlowVersion, before: Option<FlowVersion>, names: Names, detail: Known) -> impl IntoView {
    let published = (version.state == FlowState::Published).then_some(version.flow_id);
    view! {
        <VersionFacts version=version.clone() />
        <VersionSteps version=version.clone() detail />
        {before.clone().map(|older| view! { <Changes names older newer=version.clone() /> })}
        <VersionPicture version before names />
        {published.map(|flow| view! { <Beat flow=flow.to_string() /> })}
    }
}

#[component]
fn VersionFacts(version: FlowVersion) -> impl IntoView {
    view! {
        <dl class="facts">
            <Fact label=said("field.status")><Status value=version.state /></Fact>
            <Fact label=said("field.change_note")>{or_dash(&version.change_note)}</Fact>
            <Fact label=said("flows.begun_by")>{who_when(Some(version.created_by), Some(version.created_at))}</Fact>
            {version.published_at.map(|at| view! { <Fact label=said("flows.published_at")>{time(at)}</Fact> })}
        </dl>
    }
}

/// The picture, with marks where it differs from the version before.
#[component]
fn VersionPicture(version: FlowVersion, before: Option<FlowVersion>, names: Names) -> impl IntoView {
    let newer = version.clone();
    let notes = Signal::derive(move || {
        before.as_ref().map(|older| Between { older, newer: &newer }.notes()).unwrap_or_default()
    });
    let look = Picture { names, desk: None, notes };
    let drawn = move || look.whole(&version.drawing, version.condition.as_ref());
    view! {
        <section class="section">
            <h2>{tx("flows.picture")}</h2>
            <div class="fpicture" tabindex="0" role="region" aria-label=tx("flows.picture") data-testid="flow-picture">{drawn}</div>
        </section>
    }
}

/// What can be done with a version: draw and hand in a draft, take it back.
#[component]
fn VersionSteps(version: FlowVersion, detail: Known) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    let (id, stamp, now) = (version.id, version.version, version.state);
    let go = api::action(move |to: &FlowState| {
        let command = FlowVersionTransition { state: *to };
        async move {
            let path = format!("/approval-flow-versions/{id}/transitions");
            let answer = api::post_version::<_, ApprovalFlowDetail>(&path, &command, stamp).await;
            if let Some(changed) = settled(answer, problem) {
                detail.set(Ok(changed));
            }
        }
    });
    let pending = go.pending();
    let step = move |to: FlowState, label: &'static str, class: &'static str| {
        view! {
            <button class=class type="button" disabled=pending data-testid="flow-step" on:click=move |_| { go.dispatch(to); }>{tx(label)}</button>
        }
    };
    let draw = format!("/approval-flows/{}/versions/{id}", version.flow_id);
    view! {
        <SaveProblem problem reload=Callback::new(move |()| detail.refetch()) />
        <When when=move || may(Permission::FlowEdit) && matches!(now, FlowState::Draft | FlowState::Pending)>
            <div class="row row--wrap">
                {(now == FlowState::Draft).then(|| view! {
                    <a class="btn btn--primary" href=draw.clone() data-testid="flow-draw"><Icon name="pen" />{tx("flows.draw")}</a>
                    {step(FlowState::Pending, "flows.submit", "btn")}
                })}
                {(now == FlowState::Pending).then(|| step(FlowState::Draft, "flows.take_back", "btn"))}
            </div>
        </When>
    }
}

/// How long each step takes, and where documents queue.
#[component]
fn Beat(flow: String) -> impl IntoView {
    let beats = api::read::<Vec<StepBeat>>(move || format!("/approval-flows/{flow}/beat?days=30"));
    let span = |seconds: Option<i64>| seconds.map_or_else(|| "—".to_owned(), duration);
    let row = move |beat: StepBeat| {
        let (label, key) = (beat.name.clone(), beat.step.clone());
        let title = move || Some(name(&label)).filter(|label| !label.is_empty()).unwrap_or_else(|| key.clone());
        let overdue = (beat.overdue > 0).then(|| {
            let text = tf("flows.overdue_count", &[("count", &beat.overdue.to_string())]);
            view! { " "<span class="badge badge--warn"><Icon name="clock" small=true />{text}</span> }
        });
        view! {
            <tr>
                <td>{title}</td><td class="num">{beat.decided}</td><td class="num">{span(beat.median_seconds)}</td>
                <td class="num">{span(beat.p90_seconds)}</td><td class="num">{beat.late}</td><td class="num">{beat.waiting}{overdue}</td>
            </tr>
        }
    };
    let titles = &[
        ("flows.step", false),
        ("flows.decided", true),
        ("flows.median", true),
        ("flows.nine_of_ten", true),
        ("flows.late", true),
        ("flows.waiting", true),
    ];
    view! {
        <section class="section" data-testid="flow-beat">
            <h2>{tx("flows.beat")}</h2>
            <p class="muted small">{tx("flows.beat_hint")}</p>
            {loaded(beats, move |beats| {
                if beats.is_empty() {
                    return view! { <p class="muted small">{t("flows.no_beat")}</p> }.into_any();
                }
                table(said("flows.beat"), titles, beats.into_iter().map(row))
            })}
        </section>
    }
}

/// The version that waits for publication, for whoever decides on it.
#[component]
pub fn PendingFlow(
    /// The flow.
    detail: ApprovalFlowDetail,
) -> impl IntoView {
    let (label, link, kind) =
        (detail.flow.name.clone(), format!("/approval-flows/{}", detail.flow.id), detail.flow.document_kind);
    let place = detail.versions.iter().position(|version| version.state == FlowState::Pending);
    let version = place.and_then(|place| detail.versions.get(place).cloned());
    let before = place.and_then(|place| detail.versions.get(place + 1).cloned());
    let directory = api::read::<FlowDirectory>(|| "/approval-flow-directory".to_owned());
    view! {
        <h2><a class="underlined" href=link>{named(label)}</a></h2>
        <p class="muted">{worded("document_kind", &kind)}</p>
        {version.map(|version| {
            let shown = version.clone();
            view! {
                <dl class="facts"><Fact label=said("flows.version")>{format!("v{}", version.version_number)}</Fact></dl>
                <VersionFacts version=version.clone() />
                {loaded(directory, move |directory| {
                    let names = Names::new(directory);
                    let (newer, older) = (shown.clone(), before.clone());
                    view! {
                        {older.clone().map(|older| view! { <Changes names older newer=newer.clone() /> })}
                        <VersionPicture version=newer before=older names />
                    }
                })}
            }
        })}
    }
}
