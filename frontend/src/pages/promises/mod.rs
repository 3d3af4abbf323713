//! What can be promised of an item, who reserved it, and who gets what when there is not enough.

mod days;
mod form;
mod item;
mod kits;
mod list;
mod lots;
mod order;

pub use form::ReservationNew;
pub use item::ItemPromisePage;
pub use kits::KitPlanPage;
pub use list::ReservationList;
pub use order::OrderReservations;

use leptos::prelude::*;
use lotline_common::system::LiveTopic;

use crate::i18n::t;

/// Topics that bring news of what can be promised.
const TOPICS: &[LiveTopic] =
    &[LiveTopic::Stock, LiveTopic::Lot, LiveTopic::Order, LiveTopic::Requisition, LiveTopic::Pick];

/// A heading of a table: its catalogue key, and whether figures stand under it.
type Heading = (&'static str, bool);

/// A text as a label.
fn said(key: &'static str) -> Signal<String> {
    Signal::derive(move || t(key))
}

/// A table in a frame that scrolls by itself.
fn table(label: Signal<String>, headings: &'static [Heading], rows: Vec<AnyView>) -> AnyView {
    let heading = |(title, figure): &Heading| {
        let title = *title;
        view! { <th class=if *figure { "num" } else { "" } scope="col">{move || t(title)}</th> }
    };
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=label>
            <table class="table">
                <thead><tr>{headings.iter().map(heading).collect_view()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
