//! Tests against the real server and a real PostgreSQL, each with a database of its own.
//! `make test-integration` runs them; `support` is what they stand on.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod access;
mod approvals;
mod audit;
mod contracts;
mod http;
mod kills;
mod links;
mod live;
mod mail;
mod masterdata;
mod material;
mod numbers;
mod openapi_lint;
mod openapi_walk;
mod path;
mod promise;
mod properties;
mod races;
mod reads;
mod recall;
mod reconcile;
mod record;
mod refusals;
mod refused;
mod scenarios;
mod schema;
mod serials;
mod signing;
mod speed;
mod stories;
mod subcontract_receiving;
mod supplement;
mod supply;
mod support;
mod times;
mod tooling;
mod trace;
mod untracked;
