//! Every answer that a test gets is one of those that the API's description names for the operation: so the description
//! holds what the server does, wherever a test goes.

use std::sync::OnceLock;

use reqwest::blocking::Response;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::spec::Spec;

/// Refuses an answer of an operation that its description does not name: its status, or what kind of content it has.
/// Addresses that belong to no operation are not described, nor is a fault, which some tests cause.
pub fn check(method: &Method, response: &Response) {
    static SPEC: OnceLock<Spec> = OnceLock::new();
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        return;
    }
    let path = response.url().path();
    let Some(responses) = answers(SPEC.get_or_init(Spec::read), method, path) else { return };
    let described = &responses[response.status().as_str()];
    assert!(described.is_object(), "{method} {path} answers {}, which is not described", response.status());
    let told = response.headers().get("content-type").and_then(|value| value.to_str().ok());
    let told = told.and_then(|value| value.split(';').next()).unwrap_or_default();
    let is_named = match described["content"].as_object() {
        Some(content) => content.contains_key(told),
        None => told.is_empty(),
    };
    assert!(is_named, "{method} {path} answers {told:?} with {}, which is not described", response.status());
}

/// The answers of the operation at an address: of the one with the most of its path spelled out, where several fit.
fn answers<'a>(spec: &'a Spec, method: &Method, path: &str) -> Option<&'a Value> {
    let operations = spec.operations().into_iter().filter(|operation| operation.method == *method);
    let fitting =
        operations.filter_map(|operation| Some((parameters_of(operation.path, path)?, &operation.spec["responses"])));
    fitting.min_by_key(|(parameters, _)| *parameters).map(|(_, responses)| responses)
}

/// How many parameters of a described path are filled in by an address; none where it is of another operation.
fn parameters_of(described: &str, path: &str) -> Option<usize> {
    let (described, path): (Vec<_>, Vec<_>) = (described.split('/').collect(), path.split('/').collect());
    let is_parameter = |part: &str| part.starts_with('{');
    let fits = |(part, given): (&&str, &&str)| is_parameter(part) || part == given;
    let is_it = described.len() == path.len() && described.iter().zip(&path).all(fits);
    is_it.then(|| described.iter().filter(|part| is_parameter(part)).count())
}
