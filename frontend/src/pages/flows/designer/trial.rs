//! What came out when a drawing was tried: who would be asked how often, what differs from the published version.

use leptos::prelude::*;
use lotline_common::approvals::flow::{FlowPast, FlowState};
use lotline_common::id::PersonId;

use super::desk::{Desk, plan_of};
use super::trying::{Bench, Row, Tried, Way, by_path, by_person, median};
use crate::api;
use crate::components::Icon;
use crate::components::field::Choice;
use crate::components::material::DocumentLink;
use crate::components::page::loaded;
use crate::components::status::Tone;
use crate::components::table::{Title, table};
use crate::i18n::{said, t, tf, time, tx};
use crate::pages::flows::words::{self, Names, listed};

/// Documents that are tried at once, so that the page stays alive.
const AT_ONCE: usize = 10;
/// Days that can be looked back.
const DAYS: [&str; 3] = ["7", "30", "90"];

/// The trial.
#[component]
pub fn Trial(
    /// What is drawn.
    desk: Desk,
    /// Whether it is open.
    tried: RwSignal<bool>,
) -> impl IntoView {
    let days = RwSignal::new("30".to_owned());
    let flow = desk.flow.with_value(|flow| flow.id);
    let past = api::read::<FlowPast>(move || format!("/approval-flows/{flow}/past?days={}", days.get()));
    let choice = |days: &'static str| -> Choice { (days.to_owned(), tf("flows.last_days", &[("days", days)])) };
    let choices = move || {
        let option = |(value, words): Choice| {
            let chosen = days.with_untracked(|days| *days == value);
            view! { <option value=value selected=chosen>{words}</option> }
        };
        DAYS.map(choice).map(option).into_iter().collect_view()
    };
    view! {
        <section class="flowpage__sim" aria-label=tx("flows.trial") data-testid="flow-trial">
            <div class="row">
                <h2>{tx("flows.trial")}</h2>
                <span class="select filter">
                    <select aria-label=tx("flows.period") on:change=move |event| days.set(event_target_value(&event))>{choices}</select>
                    <Icon name="chevron-down" />
                </span>
                <button class="btn btn--quiet btn--sm btn--icon push" type="button" aria-label=tx("common.close") on:click=move |_| tried.set(false)>
                    <Icon name="x" small=true />
                </button>
            </div>
            <p class="muted small">{tx("flows.trial_hint")}</p>
            {loaded(past, move |past| view! { <Running desk past /> })}
        </section>
    }
}

/// Tries the documents some at a time, again whenever something else is drawn.
#[component]
fn Running(desk: Desk, past: FlowPast) -> impl IntoView {
    let (rows, turn) = (RwSignal::new(Vec::<Row>::new()), StoredValue::new(0_usize));
    let count = past.documents.len();
    let published =
        desk.versions.with_value(|all| all.iter().find(|known| known.state == FlowState::Published).map(plan_of));
    let compared = published.is_some();
    Effect::new(move |_| {
        let plan = desk.plan.get();
        let bench = desk.around.with_value(|around| {
            let tried = |plan| Tried::new(plan, &around.published);
            let people = (around.directory.clone(), around.permission);
            Bench::new(past.clone(), people, tried(&plan), published.as_ref().map(tried))
        });
        turn.update_value(|turn| *turn += 1);
        rows.set(Vec::new());
        go_on(bench, rows, (turn, turn.get_value()));
    });
    let shown = move || {
        let rows = rows.get();
        if count == 0 {
            view! { <p class="muted">{t("flows.nothing_to_try")}</p> }.into_any()
        } else if rows.len() < count {
            view! { <progress max=count value=rows.len() aria-label=t("flows.trying")></progress> }.into_any()
        } else {
            result(desk.names, &rows, compared)
        }
    };
    view! { <div class="stack" aria-live="polite">{shown}</div> }
}

fn go_on(mut bench: Bench, rows: RwSignal<Vec<Row>>, (turn, own): (StoredValue<usize>, usize)) {
    // Something else is drawn by now, or the page was left.
    if turn.try_get_value() != Some(own) {
        return;
    }
    let done = rows.with_untracked(Vec::len);
    if done < bench.len() {
        let more = bench.rows(done, AT_ONCE);
        rows.update(|rows| rows.extend(more));
        set_timeout(move || go_on(bench, rows, (turn, own)), std::time::Duration::ZERO);
    }
}

fn result(names: Names, rows: &[Row], compared: bool) -> AnyView {
    let taken = |pick: fn(&Row) -> Option<&Way>| rows.iter().filter_map(pick).collect::<Vec<_>>();
    let (drawn, before) = (taken(|row| row.drawn.as_ref()), taken(|row| row.before.as_ref()));
    let seconds = |ways: &[&Way]| {
        median(ways.iter().filter_map(|way| way.seconds)).map_or_else(|| "—".to_owned(), words::duration)
    };
    let count = |key, tone: Tone, count: usize| {
        let (text, class) = (tf(key, &[("count", &count.to_string())]), tone.class());
        let glyph = format!("#g-{}", tone.glyph());
        (count > 0).then(|| view! { <span class=class><svg class="glyph" aria-hidden="true"><use href=glyph></use></svg>{text}</span> })
    };
    let stuck = drawn.iter().filter(|way| way.stuck).count();
    let differing = rows.iter().filter(|row| differs(row, compared)).count();
    let figures = [
        ("all", rows.len().to_string()),
        ("taken", drawn.len().to_string()),
        ("median", seconds(&drawn)),
        ("before", seconds(&before)),
    ];
    let figures: Vec<_> = figures.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = tf(if compared { "flows.tried_compared" } else { "flows.tried" }, &figures);
    view! {
        <p class="row row--wrap">
            <span class="strong" data-testid="trial-sum">{told}</span>
            {count("flows.would_end", Tone::Ok, drawn.len() - stuck)}
            {count("flows.would_be_stuck", Tone::Danger, stuck)}
            {count("flows.would_be_overdue", Tone::Warn, drawn.iter().filter(|way| way.overdue).count())}
            {count("flows.would_differ", Tone::Info, differing)}
        </p>
        <div class="fsums">{paths(rows, compared)}{people(names, rows, compared)}</div>
        {documents(names, rows, compared)}
    }
    .into_any()
}

/// Columns, without that of the published version where there is none.
fn titles(all: &[Title], compared: bool) -> Vec<Title> {
    all.iter().copied().filter(|(title, _)| compared || *title != "flows.published").collect()
}

fn path_in_words(way: &Way) -> String {
    let stops: Vec<_> = way.stops.iter().map(|stop| words::called(&stop.name, stop.node)).collect();
    if stops.is_empty() { t("flows.nobody_asked") } else { stops.join(" → ") }
}

fn paths(rows: &[Row], compared: bool) -> AnyView {
    let titles = titles(
        &[("flows.way", false), ("flows.documents_count", true), ("flows.published", true), ("flows.median", true)],
        compared,
    );
    let row = move |sum: super::trying::PathSum| {
        view! {
            <tr>
                <td>{path_in_words(&sum.way)}</td><td class="num">{sum.drawn}</td>
                {compared.then(|| view! { <td class="num faint">{sum.before}</td> })}
                <td class="num">{sum.seconds.map_or_else(|| "—".to_owned(), words::duration)}</td>
            </tr>
        }
    };
    table(said("flows.ways"), &titles, by_path(rows).into_iter().map(row))
}

fn people(names: Names, rows: &[Row], compared: bool) -> AnyView {
    let titles = titles(&[("flows.person", false), ("flows.times", true), ("flows.published", true)], compared);
    let row = move |(person, drawn, before): (PersonId, usize, usize)| {
        view! {
            <tr>
                <td class="nowrap">{names.person(person)}</td><td class="num">{drawn}</td>
                {compared.then(|| view! { <td class="num faint">{before}</td> })}
            </tr>
        }
    };
    table(said("flows.people"), &titles, by_person(rows).into_iter().map(row))
}

/// Whether others would be asked than by the published version, or than were where there is none.
fn differs(row: &Row, compared: bool) -> bool {
    let (drawn, known) = asked(row, compared);
    row.drawn.is_some() && drawn != known
}

type People = std::collections::BTreeSet<PersonId>;

fn asked(row: &Row, compared: bool) -> (People, People) {
    let people = |way: Option<&Way>| way.map(Way::people).unwrap_or_default();
    let known = if compared { people(row.before.as_ref()) } else { row.asked.clone() };
    (people(row.drawn.as_ref()), known)
}

fn documents(names: Names, rows: &[Row], compared: bool) -> AnyView {
    let against = if compared { "flows.against_published" } else { "flows.against_truth" };
    let titles = [
        ("field.document", false),
        ("field.time", false),
        ("flows.would_be_asked", false),
        ("flows.duration", true),
        (against, false),
    ];
    table(said("flows.tried_documents"), &titles, rows.iter().map(|row| document(names, row, compared)))
}

fn document(names: Names, row: &Row, compared: bool) -> AnyView {
    let way = match &row.drawn {
        None => view! { <span class="faint">{t("flows.other_way")}</span> }.into_any(),
        Some(way) => {
            let stop = |stop: &super::trying::Stop| {
                let people = listed(stop.people.iter().map(|person| names.person(*person)));
                view! { <li><span class="faint">{words::called(&stop.name, stop.node)}</span>" "{people}</li> }
            };
            let stuck = way.stuck.then(|| view! { <li class="text-danger">{t("flows.stuck")}</li> });
            view! { <ol class="plain">{way.stops.iter().map(stop).collect_view()}{stuck}</ol> }.into_any()
        }
    };
    let (drawn, known) = asked(row, compared);
    let change = |sign: &'static str, people: Vec<&PersonId>| {
        let people = listed(people.into_iter().map(|person| names.person(*person)));
        (!people.is_empty()).then(|| view! { <li>{sign}" "{people}</li> })
    };
    let difference = if differs(row, compared) {
        let (more, less) =
            (change("+", drawn.difference(&known).collect()), change("−", known.difference(&drawn).collect()));
        view! { <ul class="plain">{more}{less}</ul> }.into_any()
    } else {
        view! { <span class="faint">{t("flows.same")}</span> }.into_any()
    };
    let seconds = row.drawn.as_ref().and_then(|way| way.seconds);
    view! {
        <tr>
            <td><DocumentLink document=row.document.clone() /></td><td class="nowrap">{time(row.at)}</td><td>{way}</td>
            <td class="num">{seconds.map_or_else(|| "—".to_owned(), words::duration)}</td><td>{difference}</td>
        </tr>
    }
    .into_any()
}
