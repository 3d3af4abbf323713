//! Answers: JSON, CSV and problems.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ContentEncoding, ETAG, RETRY_AFTER};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use lotline_common::id::RequestId;
use lotline_common::locale::Locale;
use lotline_common::problem::{Problem, ProblemCode, Refusal};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::db::Written;
use crate::error::{Error, Result};

/// A refusal in words, ready to be sent.
#[derive(Debug)]
pub struct HttpProblem {
    problem: Box<Problem>,
    retry_after_seconds: Option<String>,
}

impl HttpProblem {
    /// Puts an error into words. What broke inside is logged and stays inside.
    #[must_use]
    pub fn new(error: &Error, locale: Locale, request: RequestId) -> Self {
        let internal = Refusal::new(ProblemCode::InternalError);
        let busy = Refusal::new(ProblemCode::ServiceBusy);
        let refusal = match error {
            Error::Refused(refusal) => refusal.as_ref(),
            Error::Conflict(conflict) => {
                tracing::warn!(%conflict, %request, "gave up after conflicts");
                &busy
            }
            Error::Internal(cause) => {
                tracing::error!(error = format!("{cause:#}"), %request, "internal error");
                &internal
            }
        };
        let mut problem = refusal.problem(locale);
        problem.request_id = Some(request.to_string());
        Self { problem: Box::new(problem), retry_after_seconds: refusal.figures.get("seconds").cloned() }
    }

    /// A refusal found before there is more than a request.
    #[must_use]
    pub fn of(request: &HttpRequest, refusal: Refusal) -> Self {
        Self::new(&refusal.into(), super::locale_of(request), RequestId::new())
    }
}

impl std::fmt::Display for HttpProblem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.problem.code, self.problem.detail)
    }
}

impl ResponseError for HttpProblem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Some(seconds) = &self.retry_after_seconds {
            response.insert_header((RETRY_AFTER, seconds.as_str()));
        }
        if self.problem.status == 401 {
            response.insert_header(("WWW-Authenticate", "Bearer realm=\"lotline\""));
        }
        let body = serde_json::to_string(&self.problem).unwrap_or_default();
        response.insert_header((CONTENT_TYPE, "application/problem+json")).body(body)
    }
}

/// A body with its version as entity tag, where it has one.
#[must_use]
pub fn json(status: u16, body: &Value) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status == StatusCode::NO_CONTENT {
        return HttpResponse::build(status).finish();
    }
    let mut response = HttpResponse::build(status);
    if let Some(version) = body.get("version").and_then(Value::as_i64) {
        response.insert_header((ETAG, format!("\"{version}\"")));
    }
    response.json(body)
}

/// What a write answers.
#[must_use]
pub fn written(written: &Written) -> HttpResponse {
    json(written.status, &written.body)
}

/// Rows as CSV with a byte-order mark, so that spreadsheets read the Chinese right.
///
/// # Errors
/// Only when a row cannot be written.
pub fn csv(name: &str, rows: &[Value]) -> anyhow::Result<HttpResponse> {
    let body = crate::infra::csv::write(rows)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")))
        .body(body))
}

/// Parts of a file that wait to be sent at most.
const WAITING_PARTS: usize = 16;

/// Takes a file that is sent while it is written. Writing waits for whoever reads.
#[derive(Clone)]
pub struct FileStream {
    parts: mpsc::Sender<std::io::Result<Bytes>>,
    /// Whoever writes was told that nobody reads any more.
    told: bool,
}

impl FileStream {
    /// Breaks the file off, so that nobody takes a part for the whole.
    pub async fn break_off(self) {
        drop(self.parts.send(Err(std::io::Error::other("broken off"))).await);
    }
}

impl std::io::Write for FileStream {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        let sent = self.parts.blocking_send(Ok(Bytes::copy_from_slice(part)));
        // Once is enough: an archive that is dropped half-written tries to end, and complains where it cannot.
        if sent.is_err() && !std::mem::replace(&mut self.told, true) {
            return Err(std::io::Error::new(std::io::ErrorKind::BrokenPipe, ReaderGone));
        }
        Ok(part.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// An answer with a file that is still to be written.
#[must_use]
pub fn file(name: &str, media_type: &str) -> (FileStream, HttpResponse) {
    let (sender, receiver) = mpsc::channel(WAITING_PARTS);
    let response = HttpResponse::Ok()
        .insert_header(ContentEncoding::Identity)
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(ReceiverStream::new(receiver));
    (FileStream { parts: sender, told: false }, response)
}

/// Whoever asked for a file went away before all of it was sent.
#[derive(Debug)]
struct ReaderGone;

impl std::fmt::Display for ReaderGone {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("nobody reads any more")
    }
}

impl std::error::Error for ReaderGone {}

fn is_reader_gone(cause: &(dyn std::error::Error + 'static)) -> bool {
    // Errors of CSV do not name the one behind them as their source.
    let io = match cause.downcast_ref::<csv::Error>().map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(io)) => Some(io),
        _ => cause.downcast_ref::<std::io::Error>(),
    };
    io.and_then(std::io::Error::get_ref).is_some_and(|inner| inner.is::<ReaderGone>())
}

/// What became of writing a file. That whoever asked for it went away is no fault here.
///
/// # Errors
/// Those of writing it.
pub fn unless_gone(written: Result<()>) -> Result<()> {
    match written {
        Err(Error::Internal(cause)) if cause.chain().any(is_reader_gone) => {
            tracing::debug!("a download was broken off by whoever asked for it");
            Ok(())
        }
        written => written,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// A file that nobody reads any more.
    fn abandoned() -> FileStream {
        let (stream, response) = file("record.zip", "application/zip");
        drop(response);
        stream
    }

    fn archived(out: FileStream) -> anyhow::Result<()> {
        let mut archive = zip::ZipWriter::new_stream(out);
        archive.start_file("events.ndjson", zip::write::SimpleFileOptions::default())?;
        archive.write_all(b"part")?;
        archive.finish()?;
        Ok(())
    }

    fn is_fault(error: impl Into<anyhow::Error>) -> bool {
        unless_gone(Err(Error::Internal(error.into()))).is_err()
    }

    #[test]
    fn whoever_goes_away_during_a_download_is_no_fault_of_ours() {
        let mut plain = abandoned();
        assert!(!is_fault(plain.write_all(b"part").unwrap_err()));
        assert!(plain.write_all(b"rest").is_ok(), "it is said once");
        let mut table = csv::Writer::from_writer(abandoned());
        assert!(!is_fault(table.write_record(["x".repeat(100_000)]).unwrap_err()));
        assert!(!is_fault(archived(abandoned()).unwrap_err()));
        let wrapped = anyhow::Error::from(abandoned().write_all(b"part").unwrap_err()).context("the index");
        assert!(!is_fault(wrapped));
    }

    #[test]
    fn what_breaks_here_during_a_download_stays_a_fault() {
        assert!(is_fault(anyhow::anyhow!("a leaf hash that is none")));
        assert!(is_fault(std::io::Error::from(std::io::ErrorKind::BrokenPipe)));
        assert!(is_fault(zip::result::ZipError::FileNotFound));
        assert!(unless_gone(Err(Refusal::new(ProblemCode::NotFound).into())).is_err());
        assert!(unless_gone(Ok(())).is_ok());
    }
}
