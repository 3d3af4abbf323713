//! Figures for Prometheus: requests by operation and status, and their time; how fast the record is sealed; what failed.

use std::sync::LazyLock;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use chrono::TimeDelta;
use prometheus::{Encoder as _, Histogram, HistogramOpts, HistogramVec, IntCounter, IntGauge, Registry, TextEncoder};

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::new);

static REQUESTS: LazyLock<Option<HistogramVec>> = LazyLock::new(|| {
    let options = HistogramOpts::new("lotline_http_request_seconds", "Time of HTTP requests in seconds");
    let requests = HistogramVec::new(options, &["method", "route", "status"]).ok()?;
    REGISTRY.register(Box::new(requests.clone())).ok()?;
    Some(requests)
});

static SEALING: LazyLock<Option<Histogram>> = LazyLock::new(|| {
    let options =
        HistogramOpts::new("lotline_record_sealing_seconds", "Time from an event to its signed head in seconds");
    let sealing = Histogram::with_opts(options.buckets(vec![0.1, 0.25, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0, 60.0])).ok()?;
    REGISTRY.register(Box::new(sealing.clone())).ok()?;
    Some(sealing)
});

static TROUBLES: LazyLock<Option<IntGauge>> = LazyLock::new(|| {
    let troubles =
        IntGauge::new("lotline_record_troubles", "Kinds of trouble that keep this server from sealing").ok()?;
    REGISTRY.register(Box::new(troubles.clone())).ok()?;
    Some(troubles)
});

static ANCHOR_FAILURES: LazyLock<Option<IntGauge>> = LazyLock::new(|| {
    let failures = IntGauge::new(
        "lotline_record_anchor_failures",
        "Places that did not take the newest head when they were asked last, over all organisations",
    )
    .ok()?;
    REGISTRY.register(Box::new(failures.clone())).ok()?;
    Some(failures)
});

static FAILED_SIGNINGS: LazyLock<Option<IntCounter>> = LazyLock::new(|| {
    let failed = IntCounter::new("lotline_signing_failures_total", "Signings that failed").ok()?;
    REGISTRY.register(Box::new(failed.clone())).ok()?;
    Some(failed)
});

static MAILS_GIVEN_UP: LazyLock<Option<IntCounter>> = LazyLock::new(|| {
    let given_up = IntCounter::new("lotline_mails_given_up_total", "Notices that the mail server did not take").ok()?;
    REGISTRY.register(Box::new(given_up.clone())).ok()?;
    Some(given_up)
});

/// Notes a mail that the mail server did not take.
pub fn count_mail_given_up() {
    if let Some(given_up) = MAILS_GIVEN_UP.as_ref() {
        given_up.inc();
    }
}

/// Notes a signing that failed.
pub fn count_failed_signing() {
    if let Some(failed) = FAILED_SIGNINGS.as_ref() {
        failed.inc();
    }
}

/// Notes how long events waited to be sealed.
pub fn observe_sealing(waited: impl Iterator<Item = TimeDelta>) {
    if let Some(sealing) = SEALING.as_ref() {
        waited.for_each(|waited| sealing.observe(waited.as_seconds_f64()));
    }
}

/// Notes how many kinds of trouble there are with the record.
pub fn set_troubles(many: usize) {
    if let Some(troubles) = TROUBLES.as_ref() {
        troubles.set(i64::try_from(many).unwrap_or(i64::MAX));
    }
}

/// Notes how many places did not take the newest head.
pub fn set_anchor_failures(many: usize) {
    if let Some(failures) = ANCHOR_FAILURES.as_ref() {
        failures.set(i64::try_from(many).unwrap_or(i64::MAX));
    }
}

/// Measures a request. The route's pattern is the label, never its identifiers.
///
/// # Errors
/// Those of the request itself.
pub async fn measure(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let started = Instant::now();
    let method = request.method().clone();
    let response = next.call(request).await?;
    let route = response.request().match_pattern().unwrap_or_else(|| "app".to_owned());
    if let Some(requests) = REQUESTS.as_ref() {
        let status = response.status();
        let labels = [method.as_str(), route.as_str(), status.as_str()];
        requests.with_label_values(&labels).observe(started.elapsed().as_secs_f64());
    }
    Ok(response)
}

/// All figures in Prometheus' text format.
#[must_use]
pub fn text() -> String {
    let mut bytes = Vec::new();
    if let Err(error) = TextEncoder::new().encode(&REGISTRY.gather(), &mut bytes) {
        tracing::error!(%error, "metrics cannot be written");
    }
    String::from_utf8(bytes).unwrap_or_default()
}
