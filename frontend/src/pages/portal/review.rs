//! What is going to be confirmed, seen once more before it is.

use leptos::html::H2;
use leptos::prelude::*;
use lotline_common::custody::{AttachmentRef, Counted, CountedLine, Delivery, DeliveryConfirm, DeliveryLine};
use lotline_common::problem::Problem;

use crate::components::Quantity;
use crate::components::problem::ProblemBanner;
use crate::i18n::{tf, tx};
use crate::{api, state};

use super::count::LineHead;
use super::draft;

/// What the count and its review share.
#[derive(Clone, Copy)]
pub struct Work {
    /// Why the last step was refused.
    pub problem: RwSignal<Option<Problem>>,
    /// The count as it would be confirmed; none while it is being written.
    pub review: RwSignal<Option<DeliveryConfirm>>,
}

/// The review of a count, and its confirmation.
#[component]
pub fn Review(
    /// The delivery.
    delivery: Delivery,
    /// The count.
    command: DeliveryConfirm,
    /// What is shared with the count.
    work: Work,
    /// Photos of the delivery.
    attachments: Signal<Vec<AttachmentRef>>,
    /// Runs when it has been confirmed.
    confirmed: Callback<()>,
) -> impl IntoView {
    let heading = NodeRef::<H2>::new();
    // The step changes the whole page: who reads by ear begins at its heading.
    heading.on_load(|heading| drop(heading.focus()));
    let lines = delivery.lines.iter().cloned().zip(command.lines.clone());
    let lines = lines.map(|(line, counted)| view! { <ReviewedLine line counted /> }).collect_view();
    let photos = move || tf("portal.photo_count", &[("count", &attachments.with(Vec::len).to_string())]);
    let remark = command.remark.clone();
    let (id, version, blind) = (delivery.id, delivery.version, delivery.blind);
    let confirm = api::action(move |(): &()| {
        let command = command.clone();
        async move {
            match api::post_version::<_, Delivery>(&format!("/portal/deliveries/{id}/confirmation"), &command, version)
                .await
            {
                Ok(after) => {
                    draft::forget(id);
                    state::toast(tf("portal.confirmed_toast", &[("number", &after.number)]));
                    confirmed.run(());
                }
                Err(refused) => work.problem.set(Some(refused)),
            }
        }
    });
    let back = move |_| {
        work.problem.set(None);
        work.review.set(None);
    };
    view! {
        <section class="stack" data-testid="delivery-summary">
            <h2 tabindex="-1" node_ref=heading>{tx("portal.summary")}</h2>
            {lines}
            {(!remark.is_empty()).then(|| view! { <p class="count">{remark}</p> })}
            <p class="small muted">{photos}</p>
            <div class="banner">
                <div class="stack">
                    {blind.then(|| view! { <p>{tx("portal.summary_blind")}</p> })}
                    <p>{tx("portal.summary_text")}</p>
                </div>
            </div>
            <ProblemBanner problem=work.problem />
            <div class="portal__foot">
                <button
                    class="btn btn--primary btn--lg btn--block" type="button" disabled=confirm.pending() data-testid="delivery-confirm"
                    on:click=move |_| { confirm.dispatch(()); }
                >
                    {tx("portal.confirm")}
                </button>
                <button class="btn btn--lg btn--block" type="button" on:click=back>{tx("portal.back")}</button>
            </div>
        </section>
    }
}

/// A line as it was counted; where the quantity sent is known, with what differs.
#[component]
fn ReviewedLine(line: DeliveryLine, counted: CountedLine) -> impl IntoView {
    let unit = line.item.unit.code.clone();
    let split = line.quantity.map(|issued| Counted::split(issued, counted.good_quantity, counted.damaged_quantity));
    let differences = split.map(|split| [("field.short", split.short), ("field.over", split.over)]);
    let differences = differences.into_iter().flatten().filter(|(_, quantity)| !quantity.is_zero());
    let differences =
        differences.map(|(label, value)| view! { <Figure label value unit=unit.clone() marked=true /> }).collect_view();
    let damaged = counted.damaged_quantity;
    view! {
        <div class="count">
            <LineHead line />
            <dl class="sum">
                <Figure label="portal.good" value=counted.good_quantity unit=unit.clone() />
                <Figure label="portal.damaged" value=damaged unit marked=!damaged.is_zero() />
                {differences}
            </dl>
            {(!counted.remark.is_empty()).then(|| view! { <p class="small muted">{counted.remark}</p> })}
        </div>
    }
}

/// A quantity with its name; marked when it means a claim.
#[component]
pub fn Figure(
    /// Catalogue key of its name.
    label: &'static str,
    /// How much.
    value: rust_decimal::Decimal,
    /// Unit.
    unit: String,
    /// It means a claim.
    #[prop(optional)]
    marked: bool,
) -> impl IntoView {
    let figure = view! { <Quantity value unit /> };
    let figure = if marked {
        view! {
            <span class="status is-warn">
                <svg class="glyph" aria-hidden="true"><use href="#g-warn"></use></svg><span class="strong">{figure}</span>
            </span>
        }
        .into_any()
    } else {
        view! { <span class="strong">{figure}</span> }.into_any()
    };
    view! { <dt>{tx(label)}</dt><dd>{figure}</dd> }
}
