//! The life of a tool or mould: how much of it is used, where the tool is, and what quality or maintenance does about it.

use leptos::prelude::*;
use lotline_common::ledger::{Lot, ToolLife, ToolState};
use lotline_common::permission::Permission;
use lotline_common::quality::{ToolAct, ToolActCreate};
use rust_decimal::Decimal;

use crate::components::dialog::{Dialog, ReasonForm};
use crate::components::entry::{Entry, filled};
use crate::components::field::TextField;
use crate::components::page::Fact;
use crate::components::{Icon, When};
use crate::i18n::{named, quantity, said, t, tf, time, tx, word, worded};
use crate::{api, state};

/// How much of a tool's life is used, in a word.
pub fn tool_badge(state: ToolState) -> AnyView {
    let class = match state {
        ToolState::Sound => "badge badge--ok",
        ToolState::Warning => "badge badge--warn",
        ToolState::Worn => "badge badge--danger",
    };
    let icon = if state == ToolState::Sound { "check" } else { "alert" };
    view! { <span class=class><Icon name=icon small=true />{worded("tool_state", &state)}</span> }.into_any()
}

/// So many of so many uses.
pub fn life(uses: i32, life_uses: Option<i32>) -> String {
    let figure = |uses: i32| quantity(Decimal::from(uses));
    let of = life_uses.map(|life| format!(" / {}", figure(life))).unwrap_or_default();
    format!("{}{of}", figure(uses))
}

/// The section of a tool's page about its life.
#[component]
pub fn ToolSection(
    /// Its life.
    tool: ToolLife,
    /// What is going to be done about it.
    acting: RwSignal<Option<ToolAct>>,
    /// The dialog about that is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let begin = move |act| {
        acting.set(Some(act));
        open.set(true);
    };
    let loan =
        tool.order.map(|order| view! { <a class="code" href=format!("/orders/{}", order.id)>{order.number}</a> });
    let custodian = tool.custodian.map(|partner| view! { <span>{named(partner.name)}</span> });
    let (reset, since) = (tool.reset_at.map(time), tool.since.map(time));
    view! {
        <section class="section card" data-testid="tool-life">
            <div class="card__head row--wrap">
                <h2>{tx("lots.tool_life")}</h2>{tool_badge(tool.state)}
                <When when=|| state::may(Permission::ToolingMaintain)>
                    <span class="push row">
                        <button class="btn btn--sm" type="button" data-testid="tool-extend" on:click=move |_| begin(ToolAct::Extend)>
                            {worded("tool_act", &ToolAct::Extend)}
                        </button>
                        <button class="btn btn--sm" type="button" data-testid="tool-reset" on:click=move |_| begin(ToolAct::Reset)>
                            {worded("tool_act", &ToolAct::Reset)}
                        </button>
                    </span>
                </When>
            </div>
            <div class="card__body stack">
                <dl class="facts">
                    <Fact label=said("lots.tool_uses")>{life(tool.uses, tool.life_uses)}</Fact>
                    <Fact label=said("lots.tool_order")>{loan.map_or_else(|| "—".into_any(), IntoAny::into_any)}</Fact>
                    <Fact label=said("field.custodian")>{custodian.map_or_else(|| "—".into_any(), IntoAny::into_any)}</Fact>
                    <Fact label=said("lots.tool_since")>{since.unwrap_or_else(|| "—".to_owned())}</Fact>
                    <Fact label=said("lots.tool_reset")>{reset.unwrap_or_else(|| "—".to_owned())}</Fact>
                </dl>
                {(tool.state == ToolState::Worn).then(|| view! {
                    <p class="banner banner--danger"><Icon name="alert" /><span>{tx("lots.tool_worn")}</span></p>
                })}
            </div>
        </section>
    }
}

/// Asks why, before something is done about a tool.
#[component]
pub fn ToolDialog(
    /// The tool's lot, as it is now.
    lot: Signal<Option<Lot>>,
    /// What is going to be done about it.
    acting: RwSignal<Option<ToolAct>>,
    /// Whether the dialog is open.
    open: RwSignal<bool>,
    /// Runs when it was done.
    done: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog open title=Signal::derive(move || acting.get().map(|act| word("tool_act", act)).unwrap_or_default())>
            {move || acting.get().map(|act| view! { <ActForm lot act open done /> })}
        </Dialog>
    }
}

#[component]
fn ActForm(lot: Signal<Option<Lot>>, act: ToolAct, open: RwSignal<bool>, done: Callback<()>) -> impl IntoView {
    let problem = RwSignal::new(None);
    let life = RwSignal::new(String::new());
    let submit = api::action(move |reason: &String| {
        let mut entry = Entry::default();
        let life_uses = filled(life).and_then(|text| entry.count("/life_uses", &text));
        let command = entry.made(Some(ToolActCreate { act, life_uses, reason: reason.clone() }));
        let known = lot.get_untracked();
        async move {
            let Some(lot) = known else { return };
            let after = match command {
                Ok(command) => api::post_version(&format!("/lots/{}/tool-acts", lot.id), &command, lot.version).await,
                Err(unread) => Err(unread),
            };
            match after {
                Ok(Lot { code, .. }) => {
                    state::toast(tf("lots.tool_done", &[("lot", &code)]));
                    open.set(false);
                    done.run(());
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
            open label=Signal::derive(worded("tool_act", &act))
            explanation=Signal::derive(move || t(&format!("lots.tool_{act}_text")))
            hint=said("lots.reason_hint") problem pending=submit.pending() confirm
        >
            <TextField
                label=said("field.life_uses") value=life pointer="/life_uses" figure=true required=act == ToolAct::Extend
            />
        </ReasonForm>
    }
}
