//! An issue note on paper: A4, both languages side by side whatever the language of the screen.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use lotline_common::access::PersonRef;
use lotline_common::audit::{AggregateKind, AuditEvent};
use lotline_common::id::IssueNoteId;
use lotline_common::issuing::{IssueNote, IssueNoteLine, IssueRecordState};
use lotline_common::locale::Locale;
use lotline_common::page::Page;
use lotline_common::signing;
use rust_decimal::Decimal;

use super::record::{Desk, Record};
use crate::api::{self, Reading};
use crate::components::page::Skeleton;
use crate::components::paper::{self, PaperBar, Sheet as Paper, both_names, zoned};
use crate::components::problem::ProblemBanner;
use crate::i18n::{quantity, text_in};

/// A text of the paper in both languages.
fn both(key: &str) -> String {
    paper::both(&format!("issue_notes.paper_{key}"))
}

/// The paper, and a bar over it that is not printed.
#[component]
pub fn IssueNotePrint() -> impl IntoView {
    let desk = Desk::new();
    view! {
        <PaperBar back=Signal::derive(move || format!("/issue-notes/{}", desk.id.get())) />
        {move || match desk.known.get() {
            None => view! { <Skeleton /> }.into_any(),
            Some(Err(problem)) => view! { <ProblemBanner problem=Some(problem) /> }.into_any(),
            Some(Ok(record)) => view! { <Sheet record /> }.into_any(),
        }}
    }
}

#[component]
fn Sheet(record: Record) -> impl IntoView {
    let note = record.note.clone();
    let reversed = note.record_state == IssueRecordState::Reversed;
    let remark = (!note.remark.is_empty()).then(|| view! { <b>{both("remark")}</b>{note.remark.clone()} });
    view! {
        <Paper number=note.number.clone() title="issue_notes.paper_name">
            {reversed.then(|| view! { <p class="sheet__void">{both("reversed")}</p> })}
            <SheetFacts note=note.clone() />
            <SheetTable lines=note.lines />
            <section class="sheet__note">
                <b>{both("ownership")}</b>{both("ownership_text")}{remark.map(|remark| view! { <br />{remark} })}
            </section>
            <Signatures record />
            <SheetFoot id=note.id />
        </Paper>
    }
}

#[component]
fn SheetFacts(note: IssueNote) -> impl IntoView {
    let places: BTreeSet<String> = note.lines.iter().map(|line| both_names(&line.from_location.name)).collect();
    let facts = [
        ("from", Vec::from_iter(places).join(" · ")),
        ("posted", zoned(note.occurred_at)),
        ("contractor", both_names(&note.partner.name)),
        ("order", note.order_number),
        ("deliver_to", note.partner_address),
        ("requisition", note.requisition_number),
        ("contact", note.partner_contact),
        ("carrier", note.carrier),
        ("product", format!("{} {}", note.product.code, both_names(&note.product.name))),
        ("seal", note.seal_number),
        ("operation", both_names(&note.operation.name)),
    ];
    let fact = |(label, text): (&str, String)| view! { <div><dt>{both(label)}</dt><dd>{text}</dd></div> };
    view! { <dl class="sheet__facts">{facts.into_iter().map(fact).collect_view()}</dl> }
}

#[component]
fn SheetTable(lines: Vec<IssueNoteLine>) -> impl IntoView {
    let title = |key: &'static str, class: &'static str| {
        let key = format!("issue_notes.paper_{key}");
        let (chinese, english) = (text_in(Locale::ZhCn, &key).to_owned(), text_in(Locale::En, &key).to_owned());
        view! { <th scope="col" class=class>{chinese}<br />{english}</th> }
    };
    let mut totals = BTreeMap::<String, Decimal>::new();
    for line in &lines {
        *totals.entry(line.item.unit.code.clone()).or_default() += line.quantity;
    }
    let totals: Vec<_> = totals.into_iter().map(|(unit, total)| format!("{} {unit}", quantity(total))).collect();
    let count = lines.len();
    view! {
        <table class="sheet__table">
            <thead><tr>
                {title("line", "")}{title("item", "")}{title("lot", "")}{title("certificate", "")}{title("expiry", "")}
                {title("quantity", "num")}{title("unit", "")}{title("received", "num")}
            </tr></thead>
            <tbody>{lines.into_iter().map(|line| view! { <SheetRow line /> }).collect_view()}</tbody>
            <tfoot><tr>
                <td colspan="4">{both("total")}" "{count}" "{both("total_lines")}</td>
                <td class="num" colspan="3">{totals.join(" · ")}</td><td></td>
            </tr></tfoot>
        </table>
    }
}

/// What arrived, in one line of signs that need no language; empty to be written by hand.
fn arrived(line: &IssueNoteLine) -> String {
    let parts = [("−", line.short_quantity), ("✕", line.damaged_quantity), ("+", line.over_quantity)];
    let differences = parts.into_iter().filter_map(|(sign, value)| {
        value.filter(|value| !value.is_zero()).map(|value| format!("{sign}{}", quantity(value)))
    });
    let all: Vec<_> = line.received_quantity.map(quantity).into_iter().chain(differences).collect();
    all.join(" ")
}

#[component]
fn SheetRow(line: IssueNoteLine) -> impl IntoView {
    let received = arrived(&line);
    let lot = line.lot.as_ref().map_or_else(|| "—".to_owned(), |lot| lot.code.clone());
    let expires_on = line.lot.and_then(|lot| lot.expires_on).map(crate::i18n::date).unwrap_or_default();
    let name = line.item.name;
    view! {
        <tr>
            <td>{line.line_number}</td>
            <td><b>{line.item.code}</b><br />{name.zh}<br />{name.en}</td>
            <td>{lot}</td>
            <td>{line.supplier_lot}<br />{line.certificate_number}</td>
            <td>{expires_on}</td>
            <td class="num">{quantity(line.quantity)}</td>
            <td>{line.item.unit.code}</td>
            <td class="num">{received}</td>
        </tr>
    }
}

/// Who answers for the note: filled in where it is known, room to sign where it is not.
#[component]
fn Signatures(record: Record) -> impl IntoView {
    let Record { note, requested_at, approved_at, approval } = record;
    view! {
        <section class="sheet__signs">
            <Signature title="sign_requested" person=Some(note.requested_by) at=Some(requested_at) />
            <Signature title="sign_approved" person=note.approved_by at=approved_at signed=approval />
            <Signature title="sign_issued" person=Some(note.created_by) at=Some(note.occurred_at) />
            <Signature title="sign_received" person=note.confirmed_by at=note.confirmed_at by_link=note.confirmed_name />
        </section>
    }
}

#[component]
fn Signature(
    title: &'static str,
    person: Option<PersonRef>,
    at: Option<DateTime<Utc>>,
    /// The signature in the record, where there is one.
    #[prop(default = None)]
    signed: Option<signing::Signature>,
    /// Who did it by a link on the person's behalf, without an account.
    #[prop(default = None)]
    by_link: Option<String>,
) -> impl IntoView {
    let signed = signed.map(|signed| {
        let meaning = paper::both(&format!("word.signature_meaning.{}", signed.meaning));
        let digest: String = signed.digest.chars().take(12).collect();
        view! { <div class="sheet__faint">{meaning}<br /><span class="hash">{digest}</span></div> }
    });
    let content = match person {
        Some(person) => {
            let behalf = by_link.is_some().then(|| both("by_link").replace("{person}", &person.display_name));
            let behalf = behalf.map(|text| view! { <div class="sheet__faint">{text}</div> });
            let name = by_link.unwrap_or(person.display_name);
            view! { <div class="sheet__name">{name}</div>{behalf}<div>{at.map(zoned)}</div>{signed} }.into_any()
        }
        None => {
            view! { <div class="sheet__blank"></div><div class="sheet__faint">{both("sign_blank")}</div> }.into_any()
        }
    };
    view! { <div><div class="sheet__sign-title">{both(title)}</div>{content}</div> }
}

/// How the paper is found again, and the digest of the last entry of its record.
#[component]
fn SheetFoot(id: IssueNoteId) -> impl IntoView {
    let last = Reading::new(move || async move {
        let path = format!("/audit-events?aggregate_kind={}&aggregate_id={id}&limit=1", AggregateKind::Issue);
        api::get::<Page<AuditEvent>>(&path).await.ok().and_then(|page| page.items.into_iter().next())
    });
    let digest = move || {
        last.get().flatten().map(|event| {
            view! { <span>{both("digest")}" "{event.aggregate_seq}" · "<span class="hash">{event.leaf_hash}</span></span> }
        })
    };
    view! { <footer class="sheet__foot"><span>{both("scan")}</span>{digest}</footer> }
}
