//! What can be chosen in forms: words of a closed list, and active records of master data.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use lotline_common::access::PersonRef;
use lotline_common::masterdata::{Item, Location, Operation, Partner, Unit};
use lotline_common::page::Page;
use serde::de::DeserializeOwned;

use super::field::Choice;
use crate::api;
use crate::i18n::{name, word};

/// The identifier in the address.
pub fn id_of_page() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.get().get("id").unwrap_or_default())
}

/// The words of a closed list, for a filter or a select.
pub fn words(list: &str, values: impl IntoIterator<Item = impl std::fmt::Display>) -> Vec<Choice> {
    values.into_iter().map(|value| (value.to_string(), word(list, &value))).collect()
}

/// Records read once, which forms choose from.
pub fn records<T: DeserializeOwned + Clone + Send + Sync + 'static>(path: &'static str) -> Signal<Vec<T>> {
    let records = api::read::<Page<T>>(move || path.to_owned());
    Signal::derive(move || records.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default())
}

/// The maker's people as choices.
pub fn people() -> Signal<Vec<Choice>> {
    let people = records::<PersonRef>("/people?limit=500");
    let choice = |person: PersonRef| (person.id.to_string(), person.display_name);
    Signal::derive(move || people.get().into_iter().map(choice).collect())
}

/// Subcontractors that the filters of a page offer.
#[derive(Clone, Copy)]
struct Partners(Signal<Vec<Choice>>);

/// Reads the subcontractors for the filters of a page.
pub fn provide_partners() {
    provide_context(Partners(partner_choices(records::<Partner>("/partners?subcontractor=true&limit=500"))));
}

/// Subcontractors as choices of a filter, on a page that provides them.
pub fn partners() -> Vec<Choice> {
    use_context::<Partners>().map(|partners| partners.0.get()).unwrap_or_default()
}

macro_rules! choices {
    ($($(#[$meta:meta])* $function:ident: $type:ty;)+) => {$(
        $(#[$meta])*
        pub fn $function(records: Signal<Vec<$type>>) -> Signal<Vec<Choice>> {
            let choice = |record: &$type| (record.id.to_string(), format!("{} {}", record.code, name(&record.name)));
            Signal::derive(move || records.with(|records| records.iter().map(choice).collect()))
        }
    )+};
}

choices! {
    /// Items as choices.
    item_choices: Item;
    /// Partners as choices.
    partner_choices: Partner;
    /// Operations as choices.
    operation_choices: Operation;
    /// Locations as choices.
    location_choices: Location;
    /// Units as choices.
    unit_choices: Unit;
}
