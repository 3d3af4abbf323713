//! The problem answers that operations document.

use lotline_common::problem::Problem;
use utoipa::IntoResponses;

/// Problems that any read can answer.
#[derive(IntoResponses)]
pub enum ReadProblems {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// Not signed in.
    #[response(status = 401, content_type = "application/problem+json")]
    NotSignedIn(Problem),
    /// The right is missing.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// No such record, or not for the asker.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// Too many requests.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    /// The database cannot answer.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
}

/// Problems that any write can answer.
#[derive(IntoResponses)]
pub enum WriteProblems {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// Not signed in.
    #[response(status = 401, content_type = "application/problem+json")]
    NotSignedIn(Problem),
    /// The right is missing, or the request came from another site.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// No such record, or not for the asker.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// A rule refuses in the present state.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// Changed by somebody else since it was read.
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is of another type.
    #[response(status = 415, content_type = "application/problem+json")]
    MediaType(Problem),
    /// A rule refuses the content.
    #[response(status = 422, content_type = "application/problem+json")]
    Unprocessable(Problem),
    /// `If-Match` is missing.
    #[response(status = 428, content_type = "application/problem+json")]
    VersionRequired(Problem),
    /// Too many requests.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    /// The database cannot answer.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
}
