//! Notices by mail (邮件通知): whoever an approval asks, tells or needs, and who wants to know, gets a mail that leads to it.
//! Owns `mail`. Keeps: a notice is written in the transaction of what it is about, so there is none of what did not happen;
//! and it is sent at least once, or given up for a reason that is told, never lost. A row holds neither address nor text:
//! both are made as it is sent, of what is true then, so that nothing of an erased person is here.

pub mod api;
pub mod outbox;
pub mod postman;
pub mod rules;
pub mod sender;
mod store;
