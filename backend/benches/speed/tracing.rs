//! How long the scope of a recall takes, beside the plain recursive query.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use diesel::pg::PgConnection;
use lotline::clock::SystemClock;
use lotline::db::{Db, OpCtx};
use lotline::trace::scope::scope;
use lotline_common::trace::TraceDirection;
use uuid::Uuid;

use super::cluster::{Cluster, count};
use super::load::{Client, Run};
use super::report::Tracing;

/// Lots of one family of `genealogy.sql`.
const LOTS: i64 = 9_992;

/// The lot at a place of a family.
fn lot(family: i64, place: i64) -> String {
    format!("0000001e-0000-7000-8000-{:012x}", ((family / 100) * LOTS + place) * 100 + family % 100)
}

/// Where a family is traced from: its raw material, or its shipment.
fn begin(family: i64, direction: TraceDirection) -> String {
    match direction {
        TraceDirection::Forward => lot(family, 0),
        TraceDirection::Backward => lot(family, LOTS - 1),
    }
}

/// The walk as the server makes it, behind the walls of row-level security, and the query that somebody would write in
/// psql, above them and for the bare set of lots, in turns.
pub fn measure(
    cluster: &Cluster,
    (maker, client): (&OpCtx, &Client),
    families: i64,
    turns: i64,
) -> Result<Vec<Tracing>> {
    let db = Db::connect(&cluster.app_url(), 1, Arc::new(SystemClock))?;
    let mut owner = cluster.owner()?;
    let mut found = Vec::new();
    for direction in TraceDirection::ALL {
        let (mut server, mut plain, mut http) = (Run::default(), Run::default(), Run::default());
        for turn in 0..turns {
            let seed = begin(turn * 37 % families, *direction);
            let began = Instant::now();
            let lots = walk(&db, maker, (&seed, *direction))?;
            server.push(began.elapsed());
            let began = Instant::now();
            let plainly = recurse(&mut owner, &seed, *direction)?;
            plain.push(began.elapsed());
            // Some lots of a hop go into none of the next.
            anyhow::ensure!(lots == plainly && lots > LOTS * 9 / 10, "{lots} lots, {plainly} plainly");
            if turn % 8 == 0 {
                let began = Instant::now();
                client.get(&format!("/lots/{seed}/trace?direction={direction}&limit=10000"))?;
                http.push(began.elapsed());
            }
        }
        let (server, plain, http) = (server.figures(), plain.figures(), http.figures());
        found.push(Tracing { lots: families * LOTS, direction: direction.to_string(), server, plain, http });
    }
    Ok(found)
}

fn walk(db: &Db, maker: &OpCtx, (seed, direction): (&str, TraceDirection)) -> Result<i64> {
    let seed: Uuid = seed.parse()?;
    let scope = db.read(maker, |reader| scope(reader, &[seed.into()], direction, None));
    let scope = scope.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    Ok(i64::try_from(scope.lots.len())?)
}

fn recurse(owner: &mut PgConnection, seed: &str, direction: TraceDirection) -> Result<i64> {
    let (from, to) = match direction {
        TraceDirection::Forward => ("parent_lot_id", "child_lot_id"),
        TraceDirection::Backward => ("child_lot_id", "parent_lot_id"),
    };
    let query = format!(
        "WITH RECURSIVE reached (lot_id) AS (SELECT '{seed}'::uuid
            UNION SELECT l.{to} FROM reached r JOIN lot_link l ON l.{from} = r.lot_id
            WHERE l.org_id = bench.org() AND l.voided_at IS NULL)
         SELECT count(*) AS count FROM reached"
    );
    count(owner, &query)
}
