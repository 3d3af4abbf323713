//! The right to go on. A handler names the right it needs in its signature, and cannot reach the
//! database without it.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, IF_MATCH};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use lotline_common::id::{RequestId, SessionId};
use lotline_common::page::{ListFormat, ListQuery, Page};
use lotline_common::permission::Permission;
use lotline_common::problem::{ProblemCode, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::answer::FileStream;
use super::body::Command;
use super::{HttpProblem, answer, locale_of};
use crate::access;
use crate::app::AppState;
use crate::audit::reads::{self, Seen};
use crate::db::list::{Body, Columns, List};
use crate::db::{Idempotency, OpCtx, Reader, Tx, WriteOptions, Written};
use crate::error::{Error, Result};
use crate::signing::{Confirmed, Proof, Signed, proving};

/// A right as a type.
pub trait Needs: 'static {
    /// The right; none where being signed in is enough.
    const PERMISSION: Option<Permission>;
}

/// Being signed in is enough.
pub struct SignedIn;

impl Needs for SignedIn {
    const PERMISSION: Option<Permission> = None;
}

macro_rules! rights {
    ($($name:ident),+ $(,)?) => {$(
        #[doc = concat!("Needs [`Permission::", stringify!($name), "`].")]
        pub struct $name;

        impl Needs for $name {
            const PERMISSION: Option<Permission> = Some(Permission::$name);
        }
    )+};
}

rights! {
    AccessView, AccessEdit, AuditView, MasterdataView, MasterdataEdit, StockView, ReceiptView, ReceiptPost, LotRelease,
    ToolingMaintain,
    OrderView, OrderEdit, StockReserve, IssueView, RequisitionEdit, RequisitionApprove, IssuePick, IssuePost, IssueReverse,
    SubcontractReceive, MaterialEdit, MaterialApprove, MaterialPost, MaterialReverse, ClaimSettle, OrderClose, PeriodClose,
    ContractView, ContractEdit, ContractRequest, ContractApprove, FlowView, FlowEdit, CostView, CostEdit, RecallView, RecallManage,
    RecallLift, PortalView, PortalConfirm, PortalDeclare,
}

/// A request that passed: who asks is known, and has the right `P`.
pub struct Permit<P> {
    /// The server.
    pub app: web::Data<AppState>,
    /// Who asks.
    pub ctx: OpCtx,
    /// Their session.
    pub session: SessionId,
    right: PhantomData<fn() -> P>,
}

impl<P: Needs> FromRequest for Permit<P> {
    type Error = HttpProblem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, HttpProblem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { permit(&request).await })
    }
}

async fn permit<P: Needs>(request: &HttpRequest) -> Result<Permit<P>, HttpProblem> {
    let refuse = |refusal| HttpProblem::of(request, refusal);
    let Some(app) = request.app_data::<web::Data<AppState>>().cloned() else {
        return Err(refuse(Refusal::new(ProblemCode::InternalError)));
    };
    let claims = app.token_key.of(request).and_then(|token| app.token_key.read(&token));
    let claims = claims.ok_or_else(|| refuse(Refusal::new(ProblemCode::NotSignedIn)))?;
    app.limits.check_session(claims.jti).map_err(refuse)?;
    let (locale, id, db, session) = (locale_of(request), RequestId::new(), app.db.clone(), claims.jti);
    let ctx = blocking(move || access::session_context(&db, &claims, locale, id)).await;
    let ctx = ctx.map_err(|error| HttpProblem::new(&error, locale, id))?;
    match P::PERMISSION {
        Some(_) if ctx.password_due => Err(refuse(Refusal::new(ProblemCode::PasswordChangeRequired))),
        Some(needed) if !ctx.may(needed) => {
            Err(refuse(Refusal::new(ProblemCode::PermissionMissing).with("permission", needed)))
        }
        _ => Ok(Permit { app, ctx, session, right: PhantomData }),
    }
}

/// Runs work that waits for the database where waiting is allowed.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    web::block(work).await.unwrap_or_else(|error| Err(anyhow::Error::from(error).into()))
}

/// A read with the right `P`.
pub struct Read<P> {
    permit: Permit<P>,
    seen: Option<Seen>,
}

impl<P: Needs> FromRequest for Read<P> {
    type Error = HttpProblem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, HttpProblem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let permit = Permit::<P>::from_request(request, payload);
        Box::pin(async move { Ok(Self { permit: permit.await?, seen: None }) })
    }
}

impl<P: Needs> Read<P> {
    /// Who asks.
    #[must_use]
    pub const fn ctx(&self) -> &OpCtx {
        &self.permit.ctx
    }

    /// Their session.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        self.permit.session
    }

    /// The server.
    #[must_use]
    pub fn app(&self) -> web::Data<AppState> {
        self.permit.app.clone()
    }

    /// The answer shows something sensitive: it goes out only once that is written down.
    #[must_use]
    pub fn noting(self, seen: impl Into<Option<Seen>>) -> Self {
        Self { seen: seen.into(), ..self }
    }

    /// A refusal in the asker's language.
    #[must_use]
    pub fn refuse(&self, refusal: Refusal) -> HttpProblem {
        HttpProblem::new(&refusal.into(), self.permit.ctx.locale, self.permit.ctx.request)
    }

    /// Runs a read.
    ///
    /// # Errors
    /// Those of `work`, in words.
    pub async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut Reader) -> Result<T> + Send + 'static,
    ) -> Result<T, HttpProblem> {
        let (locale, request) = (self.permit.ctx.locale, self.permit.ctx.request);
        let outcome = blocking(move || {
            let (db, ctx) = (&self.permit.app.db, &self.permit.ctx);
            let answer = db.read(ctx, work)?;
            reads::note(db, ctx, self.seen.as_ref())?;
            Ok(answer)
        });
        outcome.await.map_err(|error| HttpProblem::new(&error, locale, request))
    }

    /// Answers one thing.
    ///
    /// # Errors
    /// Those of `work`, in words.
    pub async fn one<T: Serialize>(
        self,
        work: impl FnOnce(&mut Reader) -> Result<T> + Send + 'static,
    ) -> Result<HttpResponse, HttpProblem> {
        let body = self.run(move |reader| Ok(serde_json::to_value(work(reader)?)?)).await?;
        Ok(answer::json(200, &body))
    }

    /// Answers a list: one page of `T`, or all of it as CSV.
    ///
    /// # Errors
    /// Those of the list, in words.
    pub async fn list<T: Serialize + DeserializeOwned + Send + 'static>(
        self,
        name: &'static str,
        query: ListQuery,
        list: List,
    ) -> Result<HttpResponse, HttpProblem> {
        self.list_of::<Body<T>>(name, query, list).await
    }

    /// Answers a list of rows read by their columns: one page, or all of it as CSV.
    ///
    /// # Errors
    /// Those of the list, in words.
    pub async fn list_of<C: Columns<Told: Serialize + Send + 'static>>(
        self,
        name: &'static str,
        query: ListQuery,
        list: List,
    ) -> Result<HttpResponse, HttpProblem> {
        if query.format == Some(ListFormat::Csv) {
            let seen = self.seen.clone().map(|seen| seen.in_form("csv"));
            return Self { seen, ..self }.export::<C>(name, query, list).await;
        }
        let page: Page<C::Told> = self.run(move |reader| list.page::<C>(reader, &query)).await?;
        Ok(HttpResponse::Ok().json(page))
    }

    /// Answers a file that is written while it is read; what breaks on the way breaks the download off, and whoever
    /// goes away meanwhile breaks nothing. That something sensitive is taken along is written down before it begins.
    #[must_use]
    pub fn download(
        mut self,
        (name, media_type): (&str, &'static str),
        write: impl FnOnce(&mut Reader, FileStream) -> Result<()> + Send + 'static,
    ) -> HttpResponse {
        let (stream, response) = answer::file(name, media_type);
        let broken = stream.clone();
        actix_web::rt::spawn(async move {
            let (app, ctx, seen) = (self.app(), self.permit.ctx.clone(), self.seen.take());
            let noted = blocking(move || reads::note(&app.db, &ctx, seen.as_ref())).await;
            if noted.is_err() || self.run(move |reader| answer::unless_gone(write(reader, stream))).await.is_err() {
                broken.break_off().await;
            }
        });
        response
    }

    async fn export<C: Columns>(
        self,
        name: &'static str,
        query: ListQuery,
        list: List,
    ) -> Result<HttpResponse, HttpProblem> {
        let (locale, request) = (self.permit.ctx.locale, self.permit.ctx.request);
        let rows = self.run(move |reader| list.export::<C>(reader, &query)).await?;
        answer::csv(name, &rows).map_err(|error| HttpProblem::new(&Error::from(error), locale, request))
    }
}

/// The header that names the version a caller read.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header; `Write` reads it")]
pub struct VersionHeader {
    /// Version of the record as it was read, as its `ETag` gives it.
    #[param(rename = "If-Match", example = "\"1\"")]
    version: String,
}

/// A write with the right `P`: one transaction, recognised when repeated.
pub struct Write<P> {
    permit: Permit<P>,
    key: Option<String>,
    version: Option<i64>,
    dry_run: bool,
    operation: String,
}

impl<P: Needs> FromRequest for Write<P> {
    type Error = HttpProblem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, HttpProblem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let permit = Permit::<P>::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let refuse = |refusal| HttpProblem::of(&request, refusal);
            Ok(Self {
                permit: permit.await?,
                key: idempotency_key(request.headers()).map_err(refuse)?,
                version: if_match(request.headers()).map_err(refuse)?,
                dry_run: dry_run(request.query_string()).map_err(refuse)?,
                operation: format!("{} {}", request.method(), request.path()),
            })
        })
    }
}

fn malformed(reason: &str) -> Refusal {
    Refusal::new(ProblemCode::RequestMalformed).with("reason", reason)
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(value) = headers.get("Idempotency-Key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=200).contains(&key.len()));
    key.map(|key| Some(key.to_owned())).ok_or_else(|| malformed("Idempotency-Key: 1–200 ASCII"))
}

fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Refusal> {
    let Some(value) = headers.get(IF_MATCH) else { return Ok(None) };
    let version = value.to_str().ok().and_then(|text| text.trim().trim_matches('"').parse().ok());
    version.map(Some).ok_or_else(|| malformed("If-Match: \"<version>\""))
}

#[derive(serde::Deserialize)]
struct WriteParams {
    dry_run: Option<bool>,
}

fn dry_run(query: &str) -> Result<bool, Refusal> {
    let params = web::Query::<WriteParams>::from_query(query);
    params.map(|params| params.dry_run.unwrap_or(false)).map_err(|error| malformed(&error.to_string()))
}

impl<P: Needs> Write<P> {
    /// Who asks.
    #[must_use]
    pub const fn ctx(&self) -> &OpCtx {
        &self.permit.ctx
    }

    /// The server.
    #[must_use]
    pub fn app(&self) -> web::Data<AppState> {
        self.permit.app.clone()
    }

    /// The version of the record that the caller read, from `If-Match`.
    ///
    /// # Errors
    /// `version_required`.
    pub fn version(&self) -> Result<i64, HttpProblem> {
        self.version.ok_or_else(|| self.problem(&Error::refused(ProblemCode::VersionRequired)))
    }

    /// Refuses a dry run, where its answer would tell what is not to be known yet.
    ///
    /// # Errors
    /// `request_malformed`.
    pub fn for_real(self) -> Result<Self, HttpProblem> {
        if self.dry_run { Err(self.problem(&malformed("dry_run").into())) } else { Ok(self) }
    }

    fn problem(&self, error: &Error) -> HttpProblem {
        HttpProblem::new(error, self.permit.ctx.locale, self.permit.ctx.request)
    }

    /// Makes something: 201.
    ///
    /// # Errors
    /// Those of `service`, in words.
    pub async fn create<C: Send + Sync + 'static, T: Serialize>(
        self,
        command: Command<C>,
        service: impl Fn(&mut Tx, &C) -> Result<T> + Send + 'static,
    ) -> Result<HttpResponse, HttpProblem> {
        self.run(201, command, service).await
    }

    /// Changes something: 200.
    ///
    /// # Errors
    /// Those of `service`, in words.
    pub async fn change<C: Send + Sync + 'static, T: Serialize>(
        self,
        command: Command<C>,
        service: impl Fn(&mut Tx, &C) -> Result<T> + Send + 'static,
    ) -> Result<HttpResponse, HttpProblem> {
        self.run(200, command, service).await
    }

    /// Does something that has nothing to answer: 204.
    ///
    /// # Errors
    /// Those of `service`, in words.
    pub async fn act<C: Send + Sync + 'static>(
        self,
        command: Command<C>,
        service: impl Fn(&mut Tx, &C) -> Result<()> + Send + 'static,
    ) -> Result<HttpResponse, HttpProblem> {
        self.run(204, command, service).await
    }

    /// Does something, or has it wait: the service says with which status.
    ///
    /// # Errors
    /// Those of `service`, in words.
    pub async fn answer<C: Send + Sync + 'static>(
        self,
        command: Command<C>,
        service: impl Fn(&mut Tx, &C) -> Result<Written> + Send + 'static,
    ) -> Result<HttpResponse, HttpProblem> {
        let work = move |permit: &Permit<P>, options: &WriteOptions, command: &C| {
            permit.app.db.write(&permit.ctx, options, |tx| service(tx, command))
        };
        self.work(command, work).await
    }

    /// Does something that is signed: whoever asks proves anew that it is them, before anything is looked at. Without a
    /// signature there is no proof, and the service says that one is needed once nothing else is in the way.
    ///
    /// # Errors
    /// `signature_refused`, `signing_throttled`, and those of `service`, in words.
    pub async fn signed<C: Signed + Send + Sync + 'static, T: Serialize>(
        self,
        status: u16,
        command: Command<C>,
        service: impl Fn(&mut Tx, &C, Option<&Proof>) -> Result<T> + Send + 'static,
    ) -> Result<HttpResponse, HttpProblem> {
        let prove = |app: &AppState, ctx: &OpCtx, command: &C| {
            command.signature().map(|given| proving::prove(&app.db, ctx, &app.signing, given)).transpose()
        };
        let service = move |tx: &mut Tx, command: &C, proof: &Option<Proof>| service(tx, command, proof.as_ref());
        self.after(status, command, (prove, service)).await
    }

    /// Does something for which the own password is asked anew.
    ///
    /// # Errors
    /// `signature_refused`, `signing_throttled`, and those of `service`, in words.
    pub async fn confirmed<C: Confirmed + Send + Sync + 'static, T: Serialize>(
        self,
        status: u16,
        command: Command<C>,
        service: impl Fn(&mut Tx, &C) -> Result<T> + Send + 'static,
    ) -> Result<HttpResponse, HttpProblem> {
        let check =
            |app: &AppState, ctx: &OpCtx, command: &C| proving::check_password(&app.db, ctx, command.password());
        self.after(status, command, (check, move |tx: &mut Tx, command: &C, (): &()| service(tx, command))).await
    }

    /// The answer is kept nowhere: it is told once.
    #[must_use]
    pub fn unrepeatable(self) -> Self {
        Self { key: None, ..self }
    }

    async fn run<C: Send + Sync + 'static, T: Serialize>(
        self,
        status: u16,
        command: Command<C>,
        service: impl Fn(&mut Tx, &C) -> Result<T> + Send + 'static,
    ) -> Result<HttpResponse, HttpProblem> {
        self.answer(command, move |tx, command| Written::of(status, &service(tx, command)?)).await
    }

    /// Does something once what has to come before its transaction is done. A request that was answered before gets its
    /// answer without that.
    async fn after<C: Send + Sync + 'static, B, T: Serialize>(
        self,
        status: u16,
        command: Command<C>,
        (before, service): (
            impl Fn(&AppState, &OpCtx, &C) -> Result<B> + Send + 'static,
            impl Fn(&mut Tx, &C, &B) -> Result<T> + Send + 'static,
        ),
    ) -> Result<HttpResponse, HttpProblem> {
        let work = move |permit: &Permit<P>, options: &WriteOptions, command: &C| {
            let (app, ctx) = (&permit.app, &permit.ctx);
            if let Some(answered) = app.db.answered(ctx, options)? {
                return Ok(answered);
            }
            let before = before(app, ctx, command)?;
            app.db.write(ctx, options, |tx| Written::of(status, &service(tx, command, &before)?))
        };
        self.work(command, work).await
    }

    async fn work<C: Send + Sync + 'static>(
        self,
        command: Command<C>,
        work: impl FnOnce(&Permit<P>, &WriteOptions, &C) -> Result<Written> + Send + 'static,
    ) -> Result<HttpResponse, HttpProblem> {
        let (locale, request) = (self.permit.ctx.locale, self.permit.ctx.request);
        let operation = self.operation;
        let body_digest = command.digest;
        let idempotency = self.key.map(|key| Idempotency { key, operation, body_digest });
        let options = WriteOptions { idempotency, dry_run: self.dry_run };
        let (permit, content) = (self.permit, command.content?);
        let outcome = blocking(move || work(&permit, &options, &content));
        outcome
            .await
            .map(|written| answer::written(&written))
            .map_err(|error| HttpProblem::new(&error, locale, request))
    }
}
