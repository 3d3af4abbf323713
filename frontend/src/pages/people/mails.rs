//! Notices by mail: what became of them, for whoever looks after people and the mail server.

use leptos::prelude::*;
use lotline_common::mail::{Mail, MailState};
use lotline_common::system::LiveTopic;

use crate::components::choices::words;
use crate::components::material::person;
use crate::components::page::PageHead;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::i18n::{said, tf, time, worded};

/// Why a mail did not go out, what the mail server said, and when it is tried again.
fn outcome(mail: &Mail) -> AnyView {
    let fault = mail.fault.map(|fault| view! { <span>{worded("mail_fault", &fault)}</span> });
    let said = (!mail.last_error.is_empty()).then(|| mail.last_error.clone());
    let said = said.map(|said| view! { <span class="muted small wrap">{said}</span> });
    let next = mail.next_try_at.filter(|_| mail.tries > 0);
    let next = next.map(|at| {
        let text = move || tf("mails.next", &[("time", &time(at))]);
        view! { <span class="muted small">{text}</span> }
    });
    view! { <div class="cell-2">{fault}{next}{said}</div> }.into_any()
}

const COLUMNS: &[Column<Mail>] = &[
    column("field.created_at", |mail: &Mail| {
        let at = mail.created_at;
        view! { <span class="nowrap">{time(at)}</span> }.into_any()
    }),
    column("field.person_id", |mail: &Mail| person(&mail.person.display_name)),
    column("mails.kind", |mail: &Mail| worded("mail_kind", &mail.kind).into_any()),
    column("field.document", |mail: &Mail| {
        let number = mail.document.number.clone();
        view! { <span class="code">{number}</span> }.into_any()
    }),
    column("field.state", |mail: &Mail| {
        let state = mail.state;
        view! { <Status value=state /> }.into_any()
    }),
    column("mails.tries", |mail: &Mail| mail.tries.to_string().into_any()).figures(),
    column("mails.outcome", outcome),
];

const FILTERS: &[Filter] =
    &[Filter { name: "state", title: "field.state", choices: || words("mail_state", MailState::ALL) }];

/// Mails, the newest first.
#[component]
pub fn MailList() -> impl IntoView {
    let list = ListView {
        path: "/mails",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: &[LiveTopic::Approval],
        link: |_: &Mail| None,
        empty: "mails.empty",
    };
    view! {
        <PageHead title=said("nav.mails") sub=said("mails.sub") />
        <List list />
    }
}
