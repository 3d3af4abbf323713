//! What changed, or would: each field with what was before and what is after.

use leptos::prelude::*;
use lotline_common::changes::ChangeAct;
use serde_json::{Map, Value};

use super::readable::{Change, Reader, Words};
use super::thing::thing_of;
use crate::i18n::{t, text_in, time};
use crate::state::state;

/// What an act changes, in words.
fn changes_of(reader: Reader, changes: &Value) -> Vec<Change> {
    let fields = changes.as_object().into_iter().flatten().filter(|(field, _)| *field != "id");
    let fields: Map<String, Value> = fields.map(|(field, change)| (field.clone(), change.clone())).collect();
    // Nothing and an empty text are told apart by the record, but not by people.
    reader
        .changes(&fields)
        .into_iter()
        .filter(|change| change.from != change.to)
        .map(|change| apart(reader, change))
        .collect()
}

/// Of two lists what stands in one of them alone: all the rest would hide it.
fn apart(reader: Reader, change: Change) -> Change {
    let (Words::Several(from), Words::Several(to)) = (&change.from, &change.to) else { return change };
    let alone = |these: &[Words], others: &[Words]| -> Vec<Words> {
        these.iter().filter(|words| !others.contains(words)).cloned().collect()
    };
    let (gone, new) = (alone(from, to), alone(to, from));
    if gone.len() == from.len() || (gone.is_empty() && new.is_empty()) {
        return change;
    }
    let told = |words: Vec<Words>| if words.is_empty() { Words::Text("—".to_owned()) } else { Words::Several(words) };
    let label = format!("{} · {}", change.label, text_in(reader.locale, "changes.only_different"));
    Change { label, from: told(gone), to: told(new) }
}

/// What an act would change, or changed.
#[component]
pub fn Differences(
    /// The act: it tells what the fields belong to.
    act: ChangeAct,
    /// What differs: `{"field": {"from": …, "to": …}}`.
    changes: Value,
) -> impl IntoView {
    move || {
        let reader = Reader { kind: thing_of(act), locale: state().locale.get() };
        let changes = changes_of(reader, &changes);
        if changes.is_empty() {
            return view! { <p class="muted small">{t("changes.no_difference")}</p> }.into_any();
        }
        view! {
            <div class="table-wrap" tabindex="0" role="region" aria-label=t("changes.before_after") data-testid="differences">
                <ChangeTable changes title="changes.before_after" />
            </div>
        }
        .into_any()
    }
}

/// Fields that differ, from what to what.
#[component]
pub fn ChangeTable(
    /// The fields.
    changes: Vec<Change>,
    /// Catalogue key of what the table is called.
    title: &'static str,
) -> impl IntoView {
    let row = |change: Change| {
        view! { <tr><th scope="row">{change.label}</th><td>{shown(change.from)}</td><td>{shown(change.to)}</td></tr> }
    };
    view! {
        <table class="table table--changes" aria-label=t(title)>
            <thead><tr>
                <th scope="col">{t("audit.what")}</th><th scope="col">{t("audit.before")}</th><th scope="col">{t("audit.after")}</th>
            </tr></thead>
            <tbody>{changes.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

/// A value in words, as it is written on the page.
pub fn shown(words: Words) -> AnyView {
    match words {
        Words::Text(text) => view! { <span class="wrap">{text}</span> }.into_any(),
        Words::Time(at) => time(at).into_any(),
        Words::Several(several) => {
            let each = several.into_iter().map(|words| view! { <li>{shown(words)}</li> });
            view! { <ul class="several">{each.collect_view()}</ul> }.into_any()
        }
        Words::Facts(facts) => {
            let fact = |(label, words): (String, Words)| view! { <dt>{label}</dt><dd>{shown(words)}</dd> };
            view! { <dl class="facts">{facts.into_iter().map(fact).collect_view()}</dl> }.into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use lotline_common::audit::AggregateKind;
    use lotline_common::locale::Locale;
    use serde_json::json;

    use super::*;

    #[test]
    fn of_two_lists_only_what_differs_is_told() {
        let reader = Reader { kind: AggregateKind::Role, locale: Locale::En };
        let told = |from: &[&str], to: &[&str]| {
            let changes = changes_of(reader, &json!({ "names": { "from": from, "to": to } }));
            changes.into_iter().map(|change| (change.from, change.to)).next().unwrap()
        };
        let text = |text: &str| Words::Text(text.to_owned());
        let several = |texts: &[&str]| Words::Several(texts.iter().map(|one| text(one)).collect());
        assert_eq!(told(&["a", "b"], &["a", "b", "c"]), (text("—"), several(&["c"])));
        assert_eq!(told(&["a", "b"], &["b", "d"]), (several(&["a"]), several(&["d"])));
        assert_eq!(told(&["a"], &["b"]), (several(&["a"]), several(&["b"])), "nothing is the same");
        assert_eq!(told(&["a", "b"], &["b", "a"]), (several(&["a", "b"]), several(&["b", "a"])), "the order is");
    }

    #[test]
    fn only_what_people_would_see_differ_is_told() {
        let reader = Reader { kind: AggregateKind::Item, locale: Locale::En };
        let changes = json!({
            "id": { "from": null, "to": "0193" },
            "gtin": { "from": null, "to": "" },
            "specification": { "from": "", "to": "5" },
        });
        let told: Vec<_> = changes_of(reader, &changes).into_iter().map(|change| (change.label, change.to)).collect();
        assert_eq!(told, [("Specification".to_owned(), Words::Text("5".to_owned()))]);
        let odd = json!([null, [1], { "specification": 7 }, { "specification": { "to": null } }]);
        for odd in odd.as_array().unwrap() {
            assert!(changes_of(reader, odd).is_empty());
        }
    }
}
