//! Operations on times of being away, and the people one can name.

use actix_web::{HttpResponse, get, post};
use lotline_common::access::PersonRef;
use lotline_common::approvals::flow::{AbsenceCancel, AbsenceCreate, PersonAbsence};
use lotline_common::id::{AbsenceId, PersonId};
use lotline_common::page::{ListQuery, Page};
use lotline_common::permission::Permission;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::absences;
use crate::db::list::{BY_ID, List, Sort, sort};
use crate::http::permit::SignedIn;
use crate::http::{Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, Write, WriteProblems};

pub fn configure(config: &mut ServiceConfig) {
    config.service(absence_list).service(absence_create).service(absence_cancel).service(colleague_list);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AbsenceFilter {
    /// Whose. Without the right to see people only the asker's own are answered.
    person_id: Option<PersonId>,
    /// Whether it was taken back.
    cancelled: Option<bool>,
}

/// Times of being away: one's own; all for those who may see people
#[utoipa::path(tag = "approvals", operation_id = "absence_list", params(ListQuery, AbsenceFilter),
    responses((status = 200, content((Page<PersonAbsence> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/absences")]
async fn absence_list(
    read: Read<SignedIn>,
    query: Params<ListQuery>,
    filter: Params<AbsenceFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, sort("starts_at", "t.starts_at", "timestamptz")];
    let own = (!read.ctx().may(Permission::AccessView)).then_some(read.ctx().person);
    let list = List::over("absence_view", SORTS)
        .id("person_id", own)
        .id("person_id", filter.0.person_id)
        .flag("cancelled", filter.0.cancelled);
    read.list::<PersonAbsence>("absences", query.0, list).await
}

/// Say that somebody is away, and who is asked meanwhile
#[utoipa::path(tag = "approvals", operation_id = "absence_create", request_body = AbsenceCreate,
    responses((status = 201, body = PersonAbsence), WriteProblems))]
#[post("/absences")]
async fn absence_create(write: Write<SignedIn>, command: Command<AbsenceCreate>) -> Result<HttpResponse, HttpProblem> {
    write.create(command, absences::absence_create).await
}

/// Take a time of being away back, or end it early
#[utoipa::path(tag = "approvals", operation_id = "absence_cancel", request_body = AbsenceCancel,
    params(("id" = AbsenceId, Path, description = "Time of being away")),
    responses((status = 200, body = PersonAbsence), WriteProblems))]
#[post("/absences/{id}/cancellation")]
async fn absence_cancel(
    write: Write<SignedIn>,
    id: IdPath<AbsenceId>,
    command: Command<AbsenceCancel>,
) -> Result<HttpResponse, HttpProblem> {
    write.change(command, move |tx, _: &AbsenceCancel| absences::absence_cancel(tx, id.0)).await
}

/// The maker's people, by name: for choosing a stand-in, a manager, an owner
#[utoipa::path(tag = "approvals", operation_id = "colleague_list", params(ListQuery),
    responses((status = 200, content((Page<PersonRef> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/people")]
async fn colleague_list(read: Read<SignedIn>, query: Params<ListQuery>) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[sort("name", "t.display_name", "text"), BY_ID];
    read.list::<PersonRef>("people", query.0, List::over("colleague_view", SORTS)).await
}
