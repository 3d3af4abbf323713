//! How work with a subcontractor went, for whoever decides on a document of it.

use leptos::prelude::*;
use lotline_common::contracts::PartnerHistory;
use lotline_common::id::PartnerId;
use lotline_common::issuing::RequisitionSummary;
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use crate::components::Icon;
use crate::components::page::loaded;
use crate::components::status::Status;
use crate::components::table::table;
use crate::i18n::{date, said, t, tf, time, tx, worded};
use crate::{api, state};

const TOPICS: &[LiveTopic] =
    &[LiveTopic::Order, LiveTopic::Requisition, LiveTopic::Issue, LiveTopic::Material, LiveTopic::SubcontractReceipt];

/// A count of what happened, or is open.
struct Figure {
    /// Catalogue key of its name.
    label: &'static str,
    value: String,
    /// The list behind it, and the right that it needs.
    list: (Permission, String),
    /// Catalogue key of what is wrong, and how often it is.
    wrong: Option<(&'static str, i64)>,
}

/// What happened in the last year and is open now, and the newest requisitions.
#[component]
pub fn Dealings(
    /// The subcontractor.
    partner: PartnerId,
    /// The document that is decided on: it is no history of itself.
    document: Uuid,
) -> impl IntoView {
    let news = state::live(TOPICS);
    let history = api::read::<PartnerHistory>(move || {
        news.track();
        format!("/partners/{partner}/history")
    });
    view! {
        <section class="stack" aria-label=tx("inbox.dealings") data-testid="dealings">
            <h3>{tx("inbox.dealings")}</h3>
            {loaded(history, move |history| shown(history, document))}
        </section>
    }
}

fn shown(history: PartnerHistory, document: Uuid) -> AnyView {
    let since = date(history.since);
    let figures = figures(&history).into_iter().map(figure).collect_view();
    let others: Vec<_> = history.latest.into_iter().filter(|row| row.id.uuid() != document).collect();
    let latest = (!others.is_empty()).then(|| {
        let titles = [
            ("field.number", false),
            ("field.created_at", false),
            ("requisitions.supplement_reason", false),
            ("field.approval", false),
        ];
        view! {
            <p class="small strong">{tx("inbox.latest")}</p>
            {table(said("inbox.latest"), &titles, others.into_iter().map(requisition))}
        }
    });
    view! {
        <p class="muted small">{move || tf("inbox.since", &[("date", &since)])}</p>
        <dl class="figures">{figures}</dl>
        {latest}
    }
    .into_any()
}

fn figures(history: &PartnerHistory) -> Vec<Figure> {
    use Permission::{IssueView, OrderView, StockView};
    let of =
        |right: Permission, list: &str, more: &str| (right, format!("/{list}?partner_id={}{more}", history.partner.id));
    let share = |part: i64, whole: i64| format!("{part} / {whole}");
    let figure = |label, value, list| Figure { label, value, list, wrong: None };
    let marked = |label, value, list, wrong| Figure { label, value, list, wrong: Some(wrong) };
    let days = history.oldest_custody_days.map_or_else(|| "—".to_owned(), |days| days.to_string());
    let stock = (StockView, format!("/stock?view=positions&custodian_id={}", history.partner.id));
    vec![
        marked(
            "inbox.orders_open",
            history.orders_open.to_string(),
            of(OrderView, "orders", "&record_state=open&sort=due_on"),
            ("inbox.orders_overdue", history.orders_overdue),
        ),
        figure(
            "inbox.requisitions_refused",
            share(history.requisitions_refused, history.requisitions_decided),
            of(IssueView, "requisitions", "&approval_state=rejected"),
        ),
        figure("inbox.supplements", history.supplements.to_string(), of(IssueView, "requisitions", "")),
        figure(
            "inbox.deliveries_with_claim",
            share(history.deliveries_with_claim, history.deliveries_confirmed),
            of(IssueView, "claims", ""),
        ),
        marked(
            "inbox.claims_open",
            history.claims_open.to_string(),
            of(IssueView, "claims", "&state=open"),
            ("inbox.to_settle", history.claims_open),
        ),
        marked(
            "inbox.receipts_with_rejects",
            share(history.receipts_with_rejects, history.receipts),
            of(OrderView, "subcontract-receipts", "&record_state=posted"),
            ("inbox.rejects", history.receipts_with_rejects),
        ),
        figure(
            "inbox.over_consumptions",
            history.over_consumptions.to_string(),
            of(StockView, "material-documents", "&kind=over_consumption&record_state=posted"),
        ),
        figure("inbox.oldest_days", days, stock),
    ]
}

/// A figure with a link to its list; what is wrong has an icon and a word.
fn figure(figure: Figure) -> AnyView {
    let Figure { label, value, list: (right, link), wrong } = figure;
    let wrong = wrong.filter(|(_, count)| *count > 0).map(|(key, count)| {
        let count = count.to_string();
        let words = move || tf(key, &[("count", &count)]);
        view! { <span class="badge badge--warn"><Icon name="alert" small=true />{words}</span> }
    });
    let value = if state::may(right) {
        let shown = value.clone();
        let named = move || tf("common.field_problem", &[("field", &t(label)), ("problem", &value)]);
        view! { <a href=link aria-label=named>{shown}</a> }.into_any()
    } else {
        value.into_any()
    };
    view! { <div><dt>{tx(label)}</dt><dd class="row row--wrap">{value}{wrong}</dd></div> }.into_any()
}

fn requisition(row: RequisitionSummary) -> AnyView {
    let why = match row.supplement {
        Some(why) => view! { <span class="badge badge--warn">{worded("supplement_reason", &why)}</span> }.into_any(),
        None => "—".into_any(),
    };
    view! {
        <tr>
            <td><a class="code" href=format!("/requisitions/{}", row.id)>{row.number}</a></td>
            <td class="nowrap">{time(row.created_at)}</td>
            <td>{why}</td>
            <td><Status value=row.approval_state /></td>
        </tr>
    }
    .into_any()
}
