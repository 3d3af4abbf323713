//! The life of a tool or mould: how much of it is used, where the tool is, and what quality or maintenance does about it.

use leptos::prelude::*;
use lotline_common::id::LotId;
use lotline_common::ledger::{Lot, ToolLife, ToolState};
use lotline_common::permission::Permission;
use lotline_common::quality::{ToolAct, ToolActCreate};
use rust_decimal::Decimal;

use crate::components::Icon;
use crate::components::dialog::{Dialog, ReasonForm};
use crate::components::field::TextField;
use crate::components::page::Fact;
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
    /// The tool's lot.
    lot: Lot,
    /// Its life.
    tool: ToolLife,
    /// Runs when something was done about it.
    done: Callback<()>,
) -> impl IntoView {
    let acting = RwSignal::new(None::<ToolAct>);
    let open = RwSignal::new(false);
    let begin = move |act| {
        acting.set(Some(act));
        open.set(true);
    };
    let loan =
        tool.order.map(|order| view! { <a class="code" href=format!("/orders/{}", order.id)>{order.number}</a> });
    let custodian = tool.custodian.map(|partner| view! { <span>{named(partner.name)}</span> });
    let (reset, since) = (tool.reset_at.map(time), tool.since.map(time));
    let id = (lot.id, lot.version);
    view! {
        <section class="section card" data-testid="tool-life">
            <div class="card__head">
                <h2>{tx("lots.tool_life")}</h2>{tool_badge(tool.state)}
                <Show when=|| state::may(Permission::ToolingMaintain)>
                    <span class="push row">
                        <button class="btn btn--sm" type="button" data-testid="tool-extend" on:click=move |_| begin(ToolAct::Extend)>
                            {worded("tool_act", &ToolAct::Extend)}
                        </button>
                        <button class="btn btn--sm" type="button" data-testid="tool-reset" on:click=move |_| begin(ToolAct::Reset)>
                            {worded("tool_act", &ToolAct::Reset)}
                        </button>
                    </span>
                </Show>
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
        <Dialog open title=Signal::derive(move || acting.get().map(|act| word("tool_act", act)).unwrap_or_default())>
            {move || acting.get().map(|act| view! { <ActForm id act open done /> })}
        </Dialog>
    }
}

#[component]
fn ActForm(id: (LotId, i64), act: ToolAct, open: RwSignal<bool>, done: Callback<()>) -> impl IntoView {
    let problem = RwSignal::new(None);
    let life = RwSignal::new(String::new());
    let submit = Action::new_local(move |reason: &String| {
        let typed = life.get_untracked().replace([',', '，', ' '], "");
        let life_uses = Some(typed).filter(|text| !text.is_empty()).map(|text| text.parse().unwrap_or(-1));
        let command = ToolActCreate { act, life_uses, reason: reason.clone() };
        async move {
            match api::post_version::<_, Lot>(&format!("/lots/{}/tool-acts", id.0), &command, id.1).await {
                Ok(after) => {
                    state::toast(tf("lots.tool_done", &[("lot", &after.code)]));
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
