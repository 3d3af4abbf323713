//! What a version changed against the one before: in words, and as marks in the picture.

use leptos::prelude::*;
use lotline_common::approvals::flow::FlowVersion;
use lotline_common::flows::compare::{Change, compare};

use super::picture::Notes;
use super::words::{self, Names, listed};
use crate::components::status::Tone;
use crate::i18n::{t, tf, word};

/// A version and the one before it.
#[derive(Clone, Copy)]
pub struct Between<'a> {
    /// The one before.
    pub older: &'a FlowVersion,
    /// The version.
    pub newer: &'a FlowVersion,
}

impl Between<'_> {
    fn changes(self) -> Vec<Change> {
        compare(&self.older.drawing, &self.newer.drawing)
    }

    /// Every change as a sentence.
    pub fn sentences(self, names: Names) -> Vec<(Tone, String)> {
        let titled = |key: &str| words::title_of(&self.newer.drawing, key);
        let documents = |version: &FlowVersion| words::documents(names, version.condition.as_ref());
        let condition = (self.older.condition != self.newer.condition).then(|| {
            let (before, after) = (documents(self.older), documents(self.newer));
            (Tone::Info, tf("flows.documents_changed", &[("before", &before), ("after", &after)]))
        });
        let sentence = |change: Change| match change {
            Change::Added { step } => (Tone::Ok, tf("flows.step_added", &[("step", &titled(&step))])),
            Change::Removed { step } => {
                (Tone::Danger, tf("flows.step_removed", &[("step", &words::title_of(&self.older.drawing, &step))]))
            }
            Change::Moved { step } => (Tone::Warn, tf("flows.step_moved", &[("step", &titled(&step))])),
            Change::Altered { step, aspects } => {
                let aspects = listed(aspects.into_iter().map(|aspect| word("aspect", aspect)));
                (Tone::Info, tf("flows.step_altered", &[("step", &titled(&step)), ("aspects", &aspects)]))
            }
        };
        condition.into_iter().chain(self.changes().into_iter().map(sentence)).collect()
    }

    /// The same as marks of the steps.
    pub fn notes(self) -> Notes {
        let mut notes = Notes::new();
        for change in self.changes() {
            let (step, note) = match change {
                Change::Added { step } => (step, (Tone::Ok, t("flows.mark_added"))),
                Change::Moved { step } => (step, (Tone::Warn, t("flows.mark_moved"))),
                Change::Altered { step, aspects } => {
                    let aspects = listed(aspects.into_iter().map(|aspect| word("aspect", aspect)));
                    (step, (Tone::Info, tf("flows.mark_altered", &[("aspects", &aspects)])))
                }
                // It is not in the picture any more.
                Change::Removed { .. } => continue,
            };
            notes.entry(step).or_default().push(note);
        }
        if self.older.condition != self.newer.condition {
            notes.entry(String::new()).or_default().push((Tone::Info, t("flows.mark_documents")));
        }
        notes
    }
}

/// What a version changed, as a list.
#[component]
pub fn Changes(
    /// Who and what it names.
    names: Names,
    /// The one before.
    older: FlowVersion,
    /// The version.
    newer: FlowVersion,
) -> impl IntoView {
    let title = tf("flows.changes_since", &[("number", &older.version_number.to_string())]);
    let told = move || {
        let all = Between { older: &older, newer: &newer }.sentences(names);
        if all.is_empty() {
            return view! { <p class="muted small">{t("flows.no_changes")}</p> }.into_any();
        }
        let line = |(tone, text): (Tone, String)| {
            let (class, glyph) = (tone.class().replace("status", "row row--top"), format!("#g-{}", tone.glyph()));
            view! { <li class=class><svg class="glyph" aria-hidden="true"><use href=glyph></use></svg><span>{text}</span></li> }
        };
        view! { <ul class="stack small">{all.into_iter().map(line).collect_view()}</ul> }.into_any()
    };
    view! { <section class="section" data-testid="flow-changes"><h2>{title}</h2>{told}</section> }
}
