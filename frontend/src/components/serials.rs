//! Fields for serial numbers: one, or a run of them, and the lot they were made in.

use leptos::prelude::*;
use lotline_common::serials::{SerialRun, Serials};

use super::field::TextField;
use crate::i18n::said;

/// What has been typed of the numbers of a line's pieces.
#[derive(Clone, Copy)]
pub struct SerialDraft {
    /// Lot number; for a serial number the whole, or what a run begins with.
    pub code: RwSignal<String>,
    first: RwSignal<String>,
    last: RwSignal<String>,
    batch: RwSignal<String>,
}

/// How a line names its pieces.
pub struct Numbers {
    /// One number.
    pub lot_code: Option<String>,
    /// Many.
    pub serials: Option<Serials>,
    /// The lot they were made in.
    pub batch_code: String,
}

impl SerialDraft {
    /// Nothing typed.
    pub fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self { code: empty(), first: empty(), last: empty(), batch: empty() }
    }

    /// What was typed: a run where a first figure stands, one number otherwise.
    pub fn read(self) -> Numbers {
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        let (code, first, last) = (text(self.code), text(self.first), text(self.last));
        let last = if last.is_empty() { first.clone() } else { last };
        let run = !first.is_empty();
        let serials =
            run.then(|| Serials { list: Vec::new(), run: Some(SerialRun { prefix: code.clone(), first, last }) });
        let lot_code = Some(code).filter(|code| !run && !code.is_empty());
        Numbers { lot_code, serials, batch_code: text(self.batch) }
    }
}

/// The fields of a line about serial numbers; `at` is the line's JSON pointer.
#[component]
pub fn SerialFields(
    /// What has been typed.
    draft: SerialDraft,
    /// The line's JSON pointer.
    #[prop(into)]
    at: String,
) -> impl IntoView {
    let at = move |field: &str| format!("{at}/{field}");
    view! {
        <TextField
            label=said("serials.code") value=draft.code pointer=at("lot_code") required=true
            hint=said("serials.hint")
        />
        <TextField label=said("serials.first") value=draft.first pointer=at("serials/run/first") />
        <TextField label=said("serials.last") value=draft.last pointer=at("serials/run/last") />
        <TextField label=said("field.batch_code") value=draft.batch pointer=at("batch_code") />
    }
}
