//! The report of a recall and the notice to one receiver, on paper.

use leptos::prelude::*;
use lotline_common::locale::Locale;
use lotline_common::page::Page;
use lotline_common::problem::Problem;
use lotline_common::recall::{Recall, RecallLot, RecallNotice};
use serde::de::DeserializeOwned;

use super::list::criteria_words;
use super::lots::{TITLES, amounts};
use crate::api::{self, Reading};
use crate::components::choices::id_of_page;
use crate::components::page::loaded;
use crate::components::paper::{PaperBar, Sheet, both, both_names, sheet_facts, sheet_table, zoned};
use crate::i18n::{quantity, text_in};

/// A word of a closed list in both languages.
fn word_both(list: &str, value: impl std::fmt::Display) -> String {
    both(&format!("word.{list}.{value}"))
}

type Whole = (Recall, Vec<RecallLot>, Vec<RecallNotice>);

/// Every row of a list, page by page: a report leaves nothing out.
async fn whole_list<T: DeserializeOwned>(path: &str) -> api::Answer<Vec<T>> {
    let (mut rows, mut after) = (Vec::new(), String::new());
    loop {
        let page: Page<T> = api::get(&format!("{path}{after}")).await?;
        rows.extend(page.items);
        let Some(next) = page.next else { return Ok(rows) };
        after = format!("&after={next}");
    }
}

/// The report.
#[component]
pub fn RecallReport() -> impl IntoView {
    let id = id_of_page();
    let whole = Reading::new(move || {
        let id = id.get();
        async move {
            let recall = api::get::<Recall>(&format!("/recalls/{id}")).await?;
            let lots = whole_list(&format!("/recall-lots?recall_id={id}&limit=500")).await?;
            let notices = whole_list(&format!("/recall-notices?recall_id={id}&limit=500")).await?;
            Ok::<Whole, Problem>((recall, lots, notices))
        }
    });
    view! {
        <PaperBar back=Signal::derive(move || format!("/recalls/{}", id.get())) />
        {loaded(whole, report)}
    }
}

fn report((recall, lots, notices): Whole) -> AnyView {
    let at = |at: Option<chrono::DateTime<chrono::Utc>>| at.map_or_else(|| "—".to_owned(), zoned);
    let facts = vec![
        ("field.status", word_both("recall_state", recall.record_state)),
        ("recall.class", word_both("recall_class", recall.recall_class)),
        ("recall.reason", recall.reason.clone()),
        ("recall.criteria", criteria_words(&recall, both)),
        ("recall.step_scope", zoned(recall.created_at)),
        ("recall.step_hold", at(recall.held_at)),
        ("recall.ended_at", at(recall.ended_at)),
        ("recall.end_reason", recall.end_reason.clone()),
    ];
    let row = |lot: RecallLot| {
        let figures = lot.figures;
        let certainty = both(if lot.certain { "recall.certain" } else { "recall.possible" });
        let named = format!("{} {}", lot.lot.code, lot.item.code);
        let mut cells = vec![named, certainty, word_both("recall_hold", lot.hold_state), lot.item.unit.code];
        cells.extend(amounts(&figures).map(quantity));
        cells.push(format!("{}%", quantity(figures.percent())));
        cells
    };
    let signs = ["recall.sign_made", "recall.sign_reviewed", "recall.sign_approved"];
    let sign = |key: &'static str| {
        view! { <div><div class="sheet__sign-title">{both(key)}</div><div class="sheet__blank"></div></div> }
    };
    view! {
        <Sheet number=recall.number title="recall.report">
            {sheet_facts(facts)}
            {sheet_table(&TITLES, lots.into_iter().map(row).collect())}
            <h2>{both("recall.notices")}</h2>
            {notice_rows(notices)}
            <section class="sheet__signs">{signs.map(sign).collect_view()}</section>
        </Sheet>
    }
    .into_any()
}

fn notice_rows(notices: Vec<RecallNotice>) -> AnyView {
    let titles = [
        ("field.number", false),
        ("recall.receiver", false),
        ("field.status", false),
        ("recall.due_at", false),
        ("recall.acknowledged", false),
        ("recall.counted", false),
        ("field.remark", false),
    ];
    let counted = |notice: &RecallNotice| {
        let figure = |value: Option<rust_decimal::Decimal>| value.map_or_else(|| "—".to_owned(), quantity);
        let line = |line: &lotline_common::recall::RecallNoticeLine| {
            format!(
                "{} {} → {} {} {}",
                line.lot.code,
                figure(line.quantity),
                figure(line.counted_quantity),
                line.item.unit.code,
                line.place
            )
        };
        notice.lines.iter().map(line).collect::<Vec<_>>().join("; ")
    };
    let row = |notice: RecallNotice| {
        let lines = counted(&notice);
        let receiver = format!("{} {}", both_names(&notice.partner.name), notice.contact);
        let proof = [notice.sent_by_means, notice.sent_evidence, notice.remark].join(" ");
        vec![
            notice.number,
            receiver,
            word_both("notice_state", notice.state),
            zoned(notice.due_at),
            notice.acknowledged_at.map_or_else(|| "—".to_owned(), zoned),
            lines,
            proof.trim().to_owned(),
        ]
    };
    sheet_table(&titles, notices.into_iter().map(row).collect())
}

/// The notice to one receiver.
#[component]
pub fn NoticePrint() -> impl IntoView {
    let id = id_of_page();
    let notice = api::read::<RecallNotice>(move || format!("/recall-notices/{}", id.get()));
    let back = move || {
        notice.get().and_then(Result::ok).map(|notice| format!("/recalls/{}", notice.recall_id)).unwrap_or_default()
    };
    view! {
        <PaperBar back=Signal::derive(back) />
        {loaded(notice, letter)}
    }
}

fn letter(notice: RecallNotice) -> AnyView {
    let facts = vec![
        ("recall.receiver", both_names(&notice.partner.name)),
        ("recall.contact", notice.contact),
        ("recall.class", word_both("recall_class", notice.recall_class)),
        ("recall.due_at", zoned(notice.due_at)),
        ("recall.reason", notice.reason),
        ("recall.instruction", notice.instruction),
    ];
    let titles = [
        ("field.line_number", false),
        ("field.item", false),
        ("field.lot", false),
        ("field.quantity", true),
        ("field.unit", false),
        ("recall.still_there", true),
        ("recall.place", false),
    ];
    let row = |line: lotline_common::recall::RecallNoticeLine| {
        let name = format!("{} {}", line.item.code, both_names(&line.item.name));
        let (amount, counted) = (line.quantity.map(quantity), line.counted_quantity.map(quantity));
        let unit = line.item.unit.code;
        vec![
            line.line_number.to_string(),
            name,
            line.lot.code,
            amount.unwrap_or_default(),
            unit,
            counted.unwrap_or_default(),
            line.place,
        ]
    };
    view! {
        <Sheet number=notice.number title="recall.notice_paper">
            {sheet_facts(facts)}
            {sheet_table(&titles, notice.lines.into_iter().map(row).collect())}
            <section class="sheet__note">
                {text_in(Locale::ZhCn, "recall.notice_text")}<br /><span lang="en">{text_in(Locale::En, "recall.notice_text")}</span>
            </section>
            <section class="sheet__signs">
                <div><div class="sheet__sign-title">{both("recall.sign_receiver")}</div><div class="sheet__blank"></div></div>
            </section>
        </Sheet>
    }
    .into_any()
}
