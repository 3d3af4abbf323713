//! Where lots come from and where they went.

mod answers;
mod genealogies;
mod together;

use diesel::prelude::*;
use lotline::db::{OpCtx, WriteOptions, Written};
use lotline::error::Result;
use lotline::trace::links::{self, NewLink, Source};
use lotline_common::id::LotId;
use lotline_common::ledger::{Certainty, DocumentKind};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::support::db::texts;
use crate::support::{Crew, TestApp};

/// Lots of one item that nothing has happened to.
struct Lots<'a> {
    app: &'a TestApp,
    maker: &'a OpCtx,
}

impl<'a> Lots<'a> {
    fn of(app: &'a TestApp) -> Self {
        Self { app, maker: &app.acme.founder }
    }

    fn make(&self, many: usize) -> Vec<LotId> {
        let item = Crew::of(self.app, &self.app.acme).item("RM-1", "kg", "lot");
        let owner = &mut self.app.database.owner();
        let made = format!(
            "INSERT INTO lot (org_id, id, item_id, code, status)
             SELECT '{}', gen_random_uuid(), '{}', 'L-' || n, 'released' FROM generate_series(1, {many}) n",
            self.maker.org,
            item["id"].as_str().unwrap(),
        );
        diesel::sql_query(made).execute(owner).unwrap();
        let ids = texts(owner, "SELECT id::text AS text FROM lot ORDER BY length(code), code");
        ids.iter().map(|id| id.parse::<Uuid>().unwrap().into()).collect()
    }

    /// Links lots as one document does.
    fn link(&self, document: Uuid, links: &[NewLink]) -> Result<()> {
        let source = Source { kind: DocumentKind::Material, id: document, order: None };
        let linked = self.app.db.write(self.maker, &WriteOptions::default(), |tx| {
            links::link(tx, source, links)?;
            Ok(Written { status: 204, body: Value::Null })
        });
        linked.map(drop)
    }
}

/// A link between lots that were there before.
fn known(parent: LotId, child: LotId, (certainty, quantity): (Certainty, i64)) -> NewLink {
    NewLink { parent, child, quantity: Decimal::from(quantity), certainty, line: 1, newborn: false }
}
