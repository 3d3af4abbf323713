//! Banners, refusals, notices, people, figures.

use leptos::prelude::*;
use lotline_common::problem::{ProblemCode, Refusal};
use rust_decimal::Decimal;

use super::text;
use crate::components::problem::ProblemBanner;
use crate::components::{Icon, Qr, Quantity};
use crate::i18n::t;
use crate::state::{self, state};

const BANNERS: &[(&str, &str, &str)] = &[
    ("banner", "info", "nav.demo"),
    ("banner banner--ok", "check", "kit.banner_ok"),
    ("banner banner--warn", "alert", "kit.banner_warn"),
    ("banner banner--danger", "ban", "kit.banner_danger"),
    ("banner banner--hold", "lock", "kit.banner_hold"),
];

/// Feedback.
#[component]
pub fn Feedback() -> impl IntoView {
    let banner = |(class, icon, label): &(&'static str, &'static str, &'static str)| {
        view! { <div class=*class><Icon name=icon /><div><div class="banner__title">{text(label)}</div>{text("kit.banner_text")}</div></div> }
    };
    let refused = Signal::derive(|| {
        let refusal = Refusal::new(ProblemCode::VersionStale).with("given", 3).with("current", 4);
        Some(refusal.problem(state().locale.get()))
    });
    view! {
        <div class="kit__two">
            {BANNERS.iter().map(banner).collect_view()}
            <ProblemBanner problem=refused />
        </div>
        <div class="row row--wrap">
            <button class="btn" type="button" data-testid="kit-toast" on:click=|_| state::toast(t("kit.toast"))>{text("kit.show_toast")}</button>
            <div class="toast">
                <span>{text("kit.toast")}</span>
                <button class="btn btn--quiet btn--sm" type="button">{text("common.close")}</button>
            </div>
            <span class="tooltip">{text("kit.tooltip")}</span>
        </div>
        <Tiles />
    }
}

#[component]
fn Tiles() -> impl IntoView {
    view! {
        <div class="row row--wrap row--top kit__gap">
            <div class="tile">
                <span class="tile__label">{text("field.available")}</span>
                <span class="tile__value"><Quantity value=Decimal::new(48_400, 3) unit="kg" /></span>
                <span class="tile__foot">{text("kit.bar")}</span>
            </div>
            <div class="card">
                <div class="card__head"><h3>{text("kit.card")}</h3></div>
                <div class="card__body">
                    <dl class="facts">
                        <dt>{text("field.lot")}</dt><dd class="code">"TI26-0917-A"</dd>
                        <dt>{text("field.quantity")}</dt><dd><Quantity value=Decimal::new(31_200, 3) unit="kg" /></dd>
                    </dl>
                </div>
                <div class="card__foot"><button class="btn btn--sm" type="button">{text("common.details")}</button></div>
            </div>
            <Qr text="IN-2026-000017" label=t("kit.qr") />
            <span class="row">
                <span class="avatar" aria-hidden="true">"L"</span><span class="avatar avatar--me" aria-hidden="true">"O"</span>
                <span class="avatar avatar--lg" aria-hidden="true">"T"</span>
            </span>
        </div>
    }
}
