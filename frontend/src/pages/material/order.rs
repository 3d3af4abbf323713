//! The material documents of an order, on its page.

use leptos::prelude::*;
use lotline_common::id::OrderId;
use lotline_common::material::MaterialSummary;
use lotline_common::page::Page;
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;

use super::list::standing;
use crate::components::Icon;
use crate::components::material::or_dash;
use crate::components::page::loaded;
use crate::components::table::table;
use crate::components::times::Happened;
use crate::i18n::{said, tx, worded};
use crate::{api, state};

/// What moved on an order beside its issues and receipts.
#[component]
pub fn OrderMaterials(
    /// The order.
    id: OrderId,
    /// Whether something can still be written for it.
    open: bool,
) -> impl IntoView {
    let news = state::live(&[LiveTopic::Material]);
    let read = move |by: &'static str| {
        api::read::<Page<MaterialSummary>>(move || {
            news.track();
            format!("/material-documents?{by}={id}&limit=500")
        })
    };
    let (own, got) = (read("order_id"), read("to_order_id"));
    view! {
        <section class="section" data-testid="order-materials">
            <div class="row row--between">
                <h2>{tx("material.title")}</h2>
                {(open && state::may(Permission::MaterialEdit)).then(|| view! {
                    <a class="btn btn--sm" href=format!("/material-documents/new?order_id={id}") data-testid="order-material-new">
                        <Icon name="plus" small=true />{tx("material.new")}
                    </a>
                })}
            </div>
            {loaded(own, move |own| view! {
                {loaded(got, move |got| {
                    let rows: Vec<_> = own.items.iter().cloned().chain(got.items).collect();
                    if rows.is_empty() {
                        return view! { <p class="muted small">{tx("material.empty")}</p> }.into_any();
                    }
                    view! { <Table rows /> }.into_any()
                })}
            })}
        </section>
    }
}

#[component]
fn Table(rows: Vec<MaterialSummary>) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        let kind = row.kind;
        view! {
            <tr>
                <td><a class="code strong" href=format!("/material-documents/{}", row.id)>{row.number.clone()}</a></td>
                <td>{worded("material_kind", &kind)}</td>
                <td><Happened at=row.occurred_at late=row.late /></td>
                <td>{or_dash(&row.reason)}</td>
                <td>{standing(&row)}</td>
            </tr>
        }
    });
    table(
        said("material.title"),
        &[
            ("field.number", false),
            ("field.kind", false),
            ("field.occurred_at", false),
            ("common.reason", false),
            ("field.status", false),
        ],
        rows,
    )
}
