//! The own sessions: where one is signed in, and the way to end that elsewhere.

use leptos::prelude::*;
use lotline_common::access::SessionSummary;
use lotline_common::id::SessionId;
use lotline_common::page::Page;

use super::frame::settled;
use crate::api;
use crate::components::page::loaded;
use crate::components::problem::ProblemBanner;
use crate::components::table::table;
use crate::i18n::{said, time, tx};

/// The own sessions.
#[component]
pub fn Sessions(
    /// Changes when sessions were ended elsewhere on the page.
    changed: RwSignal<usize>,
) -> impl IntoView {
    let sessions = api::read::<Page<SessionSummary>>(move || {
        changed.track();
        "/sessions".to_owned()
    });
    let problem = RwSignal::new(None);
    let end = api::action(move |id: &SessionId| {
        let path = format!("/sessions/{id}");
        async move {
            if settled(api::delete(&path).await, problem).is_some() {
                changed.update(|count| *count += 1);
            }
        }
    });
    let finish = Callback::new(move |id: SessionId| {
        end.dispatch(id);
    });
    let pending = end.pending();
    view! {
        <section class="section account__wide">
            <h2>{tx("people.sessions")}</h2>
            <p class="muted small">{tx("people.sessions_hint")}</p>
            <ProblemBanner problem />
            {loaded(sessions, move |page| {
                let row = move |session| view! { <SessionRow session finish pending /> };
                table(said("people.sessions"), &[("people.began", false), ("people.last_used", false), ("people.program", false), ("people.network_address", false), ("field.action", false)], page.items.into_iter().map(row))
            })}
        </section>
    }
}

#[component]
fn SessionRow(session: SessionSummary, finish: Callback<SessionId>, pending: Memo<bool>) -> impl IntoView {
    let (id, began) = (session.id, time(session.created_at));
    let label = {
        let began = began.clone();
        move || crate::i18n::tf("people.end_session", &[("time", &began)])
    };
    let action = if session.current {
        view! { <span class="badge badge--info">{tx("people.this_session")}</span> }.into_any()
    } else {
        view! {
            <button
                class="btn btn--sm btn--danger" type="button" aria-label=label disabled=pending data-testid="session-end"
                on:click=move |_| finish.run(id)
            >{tx("people.end")}</button>
        }
        .into_any()
    };
    view! {
        <tr>
            <td>{began}</td><td>{time(session.last_seen_at)}</td>
            <td class="account__program">{session.user_agent}</td><td class="code">{session.address}</td><td>{action}</td>
        </tr>
    }
}
