//! Counting a delivery on a phone: what is good, what is damaged, what to say about it.

use leptos::prelude::*;
use lotline_common::custody::{Delivery, DeliveryLine};

use crate::components::Icon;
use crate::components::attachments::{Album, Photos};
use crate::components::field::{TextArea, TextField, own_error};
use crate::components::problem::ProblemBanner;
use crate::components::times::TimesFields;
use crate::i18n::{named, quantity, said, t, tf, tx};

use super::draft::{Count, LineCount};
use super::review::Work;

/// The count of a delivery, line by line.
#[component]
pub fn CountForm(
    /// The delivery.
    delivery: Delivery,
    /// What has been typed.
    count: Count,
    /// What is shared with the review.
    work: Work,
    /// Photos of the delivery.
    album: Album,
) -> impl IntoView {
    let counted = delivery.clone();
    let review = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match count.read(&delivery) {
            Ok(command) => {
                work.problem.set(None);
                work.review.set(Some(command));
            }
            Err(unread) => work.problem.set(Some(unread)),
        }
    };
    view! {
        <form class="stack" novalidate=true on:submit=review>
            <CountFields delivery=counted count album />
            <ProblemBanner problem=work.problem />
            <div class="portal__foot">
                <button class="btn btn--primary btn--lg btn--block" type="submit" data-testid="delivery-review">
                    {tx("portal.check")}<Icon name="arrow-right" />
                </button>
                <span class="tiny faint portal__note">{tx("portal.kept")}</span>
            </div>
        </form>
    }
}

/// What is counted of each line, and what is said of the whole.
#[component]
pub fn CountFields(
    /// The delivery.
    delivery: Delivery,
    /// What has been typed.
    count: Count,
    /// Photos of the delivery.
    album: Album,
) -> impl IntoView {
    let of_lines = album.clone();
    let lines = delivery.lines.into_iter().zip(count.lines.get_value()).enumerate();
    let lines = lines.map(move |(index, (line, counted))| {
        let album = of_lines.clone();
        view! { <LineForm line counted index album /> }
    });
    let lines = lines.collect_view();
    let blind = delivery.blind;
    view! {
        <h2>{tx("portal.count_title")}</h2>
        {blind.then(|| view! { <p class="banner" data-testid="blind"><Icon name="eye-off" /><span>{tx("portal.blind")}</span></p> })}
        {lines}
        <section class="count">
            <TextArea label=said("portal.remark_whole") value=count.remark pointer="/remark" />
            <TimesFields times=count.times />
            <Photos album line=None label=said("portal.photos_delivery") />
            <span class="tiny faint">{tx("portal.photos_hint")}</span>
        </section>
    }
}

/// Item, lot and certificate of a line.
#[component]
pub fn LineHead(
    /// The line.
    line: DeliveryLine,
) -> impl IntoView {
    let label = line.item.name;
    let lot = line.lot.map(|lot| lot.code);
    let lot = move || match &lot {
        Some(code) => tf("portal.lot", &[("lot", code)]),
        None => t("portal.no_lot"),
    };
    let certificate = (!line.certificate_number.is_empty()).then(|| view! { " · "{line.certificate_number} });
    view! {
        <div>
            <h2 class="ptask__title">{named(label)}</h2>
            <div class="small muted"><span class="code">{line.item.code}</span>" · "{lot}{certificate}</div>
        </div>
    }
}

#[component]
fn LineForm(line: DeliveryLine, counted: LineCount, index: usize, album: Album) -> impl IntoView {
    let number = line.line_number;
    let unit = line.item.unit.code.clone();
    let issued = line.quantity.map(|issued| {
        let unit = unit.clone();
        view! {
            <div class="row row--between small">
                <span class="muted">{tx("portal.issued")}</span><span>{quantity(issued)}<span class="unit">{unit}</span></span>
            </div>
        }
    });
    let hint = move || if line.quantity.is_some() { t("portal.remark_line_hint") } else { String::new() };
    let at = move |field: &str| format!("/lines/{index}/{field}");
    view! {
        <section class="count" aria-label=line.item.code.clone() data-testid="delivery-line">
            <LineHead line=line.clone() />
            {issued}
            <CountField label=said("portal.good") value=counted.good unit=unit.clone() pointer=at("good_quantity") />
            <CountField label=said("portal.damaged") value=counted.damaged unit pointer=at("damaged_quantity") />
            <TextField
                label=said("portal.remark_line") value=counted.remark pointer=at("remark") hint=Signal::derive(hint)
            />
            <Photos album line=Some(number) label=said("portal.photos") />
        </section>
    }
}

/// A quantity, large enough for gloves.
#[component]
fn CountField(label: Signal<String>, value: RwSignal<String>, unit: String, pointer: String) -> impl IntoView {
    let error = own_error(&pointer);
    view! {
        <label class="count__q">
            <span class="strong">{label}</span>
            <span class="input-wrap">
                <span class="input-wrap__suffix">{unit}</span>
                <input
                    class="input input--num input--suffix strong" type="text" inputmode="decimal" autocomplete="off" name=pointer
                    aria-invalid=move || error.get().is_some().then_some("true") prop:value=value
                    on:input=move |event| value.set(event_target_value(&event))
                />
            </span>
            {move || error.get().map(|text| view! {
                <span class="field__error count__error" role="alert"><Icon name="alert" small=true />{text}</span>
            })}
        </label>
    }
}
