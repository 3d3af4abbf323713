//! Clauses that a step keeps: the figure before and after it, and how much of the limit is used then.

use leptos::prelude::*;
use lotline_common::contracts::{ClauseFinding, ClauseKind, ClauseRef};
use lotline_common::problem::clauses;
use rust_decimal::Decimal;

use crate::api;
use crate::components::table::table;
use crate::i18n::{named, quantity, said, t, tx, worded};

/// Custody quotas first: they say how much more can be sent at all.
pub fn quotas_first(mut clauses: Vec<ClauseFinding>) -> impl Iterator<Item = ClauseFinding> {
    clauses.sort_by_key(|clause| clause.kind != ClauseKind::CustodyQuota);
    clauses.into_iter()
}

/// How much of a limit is used, in whole per cent; none where nothing is allowed: then there is nothing to use.
fn used(figure: Decimal, limit: Decimal) -> Option<Decimal> {
    figure.checked_div(limit)?.checked_mul(Decimal::ONE_HUNDRED).map(|percent| percent.floor())
}

/// Clauses that are kept, quotas first.
pub fn kept_table(kept: Vec<ClauseFinding>) -> AnyView {
    let titles = [
        ("contracts.clause", false),
        ("contracts.about", false),
        ("contracts.now", true),
        ("contracts.after", true),
        ("contracts.limit", true),
        ("contracts.used", false),
    ];
    table(said("contracts.kept"), &titles, quotas_first(kept).map(row))
}

/// Its number, with a link to where it stands.
fn numbered(clause: ClauseRef) -> AnyView {
    let link = format!("/agreements{}", api::query(&[("search", clause.agreement_number.clone())]));
    let number = format!("{} · {}", clause.agreement_number, clause.number);
    view! { <span><a class="code" href=link>{number}</a></span> }.into_any()
}

fn row(kept: ClauseFinding) -> AnyView {
    let (kind, clause) = (kept.kind, kept.clause.map(numbered));
    // Of what is only kept or not, such as a scope, the subject says all.
    let measured = !kept.limit.is_zero();
    let places = if kept.unit == clauses::money() { 2 } else { 6 };
    let figure = |value: Decimal| if measured { quantity(value.round_dp(places)) } else { "—".to_owned() };
    let sign = if kept.at_least { "≥ " } else { "≤ " };
    let limit = measured.then(|| view! { {sign}{quantity(kept.limit)}<span class="unit">{named(kept.unit)}</span> });
    let used = used(kept.figure_after, kept.limit).filter(|_| !kept.at_least);
    view! {
        <tr>
            <td><div class="cell-2"><span>{worded("clause_kind", &kind)}</span>{clause}</div></td>
            <td>{kept.subject}</td>
            <td class="num">{figure(kept.figure_now)}</td>
            <td class="num strong">{figure(kept.figure_after)}</td>
            <td class="num">{limit}</td>
            <td>{meter(used)}</td>
        </tr>
    }
    .into_any()
}

/// So much of a limit is used; or that the clause is kept, where that is no question of how much.
fn meter(used: Option<Decimal>) -> AnyView {
    let Some(percent) = used.map(|percent| percent.to_string()) else {
        return view! {
            <span class="status is-ok"><svg class="glyph" aria-hidden="true"><use href="#g-done"></use></svg>{tx("contracts.met")}</span>
        }
        .into_any();
    };
    let (value, words) = (percent.clone(), percent.clone());
    view! {
        <div class="kitline">
            <progress max="100" value=value aria-label=move || format!("{} {words} %", t("contracts.used"))></progress>
            <span>{percent}" %"</span>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_used_up_to_the_whole_per_cent_below() {
        let used = |figure: i64, limit: i64| used(Decimal::new(figure, 2), Decimal::new(limit, 2));
        assert_eq!(used(800, 816), Some(98.into()));
        assert_eq!(used(1_000, 1_000), Some(100.into()));
        assert_eq!(used(9_999, 10_000), Some(99.into()), "not all of it yet");
        assert_eq!(used(0, 1_000), Some(0.into()));
        assert_eq!(used(0, 0), None, "nothing is allowed");
    }
}
