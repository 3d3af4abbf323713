//! What papers have in common: A4, both languages side by side whatever the language of the screen.

use chrono::{DateTime, Local, Utc};
use leptos::prelude::*;
use lotline_common::locale::{Locale, Name};

use super::{Icon, Qr};
use crate::i18n::{text_in, tx};
use crate::state::session;

/// A text in both languages.
pub fn both(key: &str) -> String {
    format!("{} {}", text_in(Locale::ZhCn, key), text_in(Locale::En, key))
}

/// A name in both languages; once where they are the same or one is missing.
pub fn both_names(name: &Name) -> String {
    let (chinese, english) = (name.in_locale(Locale::ZhCn), name.in_locale(Locale::En));
    if chinese == english { chinese.to_owned() } else { format!("{chinese} {english}") }
}

/// A time with its distance from UTC: paper is read elsewhere.
pub fn zoned(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%Y-%m-%d %H:%M (%:z)").to_string()
}

/// The bar over a paper, which is not printed.
#[component]
pub fn PaperBar(
    /// Where the paper belongs.
    #[prop(into)]
    back: Signal<String>,
) -> impl IntoView {
    let print = |_| {
        if let Some(window) = web_sys::window() {
            // Refused only where printing is switched off; there is nothing to say then.
            let _ = window.print();
        }
    };
    view! {
        <div class="no-print paper-bar">
            <a class="btn" href=back><Icon name="chevron-left" />{tx("issue_notes.paper_back")}</a>
            <button class="btn btn--primary" type="button" data-testid="paper-print" on:click=print>
                <Icon name="print" />{tx("common.print")}
            </button>
        </div>
    }
}

/// One sheet: who writes, its number, its title, what stands on it.
#[component]
pub fn Sheet(
    /// Number of the document.
    number: String,
    /// Catalogue key of its title.
    title: &'static str,
    /// What stands on it.
    children: Children,
) -> impl IntoView {
    let organisation = session().map(|session| session.organisation.name).unwrap_or_default();
    let (chinese, english, label) = (organisation.zh.clone(), organisation.en, number.clone());
    view! {
        <div class="paper-scroll" tabindex="0" role="region" aria-label=label>
            <article class="sheet">
                <header class="sheet__head">
                    <div><div class="sheet__org">{chinese}</div><div lang="en">{english}</div></div>
                    <div class="sheet__id">
                        <Qr text=number.clone() label=number.clone() />
                        <div>
                            <div class="sheet__no">{number}</div>
                            <div class="sheet__faint">{both("issue_notes.paper_printed")}" "{zoned(Utc::now())}</div>
                        </div>
                    </div>
                </header>
                <h1 class="sheet__title">
                    {text_in(Locale::ZhCn, title)}
                    <span lang="en">{text_in(Locale::En, title)}</span>
                </h1>
                {children()}
            </article>
        </div>
    }
}

/// Facts of a paper: catalogue key and text.
pub fn sheet_facts(facts: Vec<(&'static str, String)>) -> AnyView {
    let fact = |(label, text): (&str, String)| view! { <div><dt>{both(label)}</dt><dd>{text}</dd></div> };
    view! { <dl class="sheet__facts">{facts.into_iter().map(fact).collect_view()}</dl> }.into_any()
}

/// A table of a paper: catalogue keys of its columns and whether figures stand under them, and its rows.
pub fn sheet_table(titles: &[(&'static str, bool)], rows: Vec<Vec<String>>) -> AnyView {
    let class = |figure: bool| if figure { "num" } else { "" };
    let title = |(key, figure): &(&'static str, bool)| {
        let (chinese, english) = (text_in(Locale::ZhCn, key).to_owned(), text_in(Locale::En, key).to_owned());
        view! { <th scope="col" class=class(*figure)>{chinese}<br />{english}</th> }
    };
    let figures: Vec<bool> = titles.iter().map(|(_, figure)| *figure).collect();
    let row = |cells: Vec<String>| {
        let cells =
            cells.into_iter().zip(&figures).map(|(text, figure)| view! { <td class=class(*figure)>{text}</td> });
        view! { <tr>{cells.collect_view()}</tr> }
    };
    view! {
        <table class="sheet__table">
            <thead><tr>{titles.iter().map(title).collect_view()}</tr></thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
