//! What became of mails.

use actix_web::{HttpResponse, get};
use lotline_common::mail::{Mail, MailState};
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::db::list::{BY_ID, List, Sort};
use crate::http::permit::AccessView;
use crate::http::{HttpProblem, Params, Read, ReadProblems, ServiceConfig};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config.service(mail_list);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MailFilter {
    /// Where it stands.
    #[param(inline)]
    state: Option<MailState>,
}

/// Notices by mail, the newest first, with what did not go out and why
#[utoipa::path(tag = "mails", operation_id = "mail_list", params(ListQuery, MailFilter),
    responses((status = 200, content((Page<Mail> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/mails")]
async fn mail_list(
    read: Read<AccessView>,
    query: Params<ListQuery>,
    filter: Params<MailFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID];
    read.list::<Mail>("mails", query.0, List::over("mail_view", SORTS).text("state", filter.0.state)).await
}
