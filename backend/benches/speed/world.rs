//! The data: a maker with its master data, picked tasks to be issued, and years of history behind them.

use std::sync::Arc;

use anyhow::Result;
use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use lotline::access::founding::{Founding, found_organisation};
use lotline::clock::SystemClock;
use lotline::db::list::TextRow;
use lotline::db::{Db, OpCtx};
use uuid::Uuid;

use super::cluster::{Cluster, count};

/// Everybody's password.
pub const PASSWORD: &str = "a password of the benchmark";
/// Movements of one lot of the history.
const MOVEMENTS_PER_LOT: u64 = 50;
/// Lots of the history that are made in one transaction; five of them share an order.
const LOTS_AT_ONCE: u64 = 20_000;
/// Kind of a pick's identifier in `tasks.sql`.
const PICK: u32 = 18;

/// The maker that is measured.
pub struct World {
    owner: PgConnection,
    /// Its organisation.
    pub org: Uuid,
    /// Who owns it.
    pub founder: OpCtx,
    tasks: u64,
    old_lots: u64,
    families: i64,
}

impl World {
    /// Founds it.
    pub fn found(cluster: &Cluster) -> Result<Self> {
        let db = Db::connect(&cluster.app_url(), 1, Arc::new(SystemClock))?;
        let founding = Founding {
            code: "bench".to_owned(),
            name: "Benchmark".to_owned(),
            admin_login: "bench-admin".to_owned(),
            admin_name: "Benchmark".to_owned(),
            password: PASSWORD.to_owned(),
            demo: false,
        };
        let founder = found_organisation(&db, &founding).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        let mut owner = cluster.owner()?;
        let statements = include_str!("world.sql").replace("{org}", &founder.org.to_string());
        owner.batch_execute(&statements.replace("{person}", &founder.person.to_string()))?;
        owner.batch_execute("VACUUM ANALYZE")?;
        Ok(Self { owner, org: founder.org.uuid(), founder, tasks: 0, old_lots: 0, families: 0 })
    }

    /// Has what is written from now on sealed, or not.
    pub fn seal_events(&mut self, sealed: bool) -> Result<()> {
        let how = if sealed { "ENABLE" } else { "DISABLE" };
        Ok(self.owner.batch_execute(&format!("ALTER TABLE audit_event {how} TRIGGER queue_for_sealing"))?)
    }

    /// Makes so many picked tasks; answers their picks.
    pub fn tasks(&mut self, many: u64) -> Result<Vec<Uuid>> {
        let (first, last) = (self.tasks + 1, self.tasks + many);
        self.run(include_str!("tasks.sql"), first, last)?;
        self.owner.batch_execute("ANALYZE; CHECKPOINT")?;
        self.tasks = last;
        (first..=last).map(|number| Ok(format!("{PICK:08x}-0000-7000-8000-{number:012x}").parse()?)).collect()
    }

    fn run(&mut self, statements: &str, first: u64, last: u64) -> Result<()> {
        let statements = statements.replace("{first}", &first.to_string()).replace("{last}", &last.to_string());
        Ok(self.owner.batch_execute(&format!("BEGIN; {statements} COMMIT;"))?)
    }

    /// Brings the history to about so many movements. Indexes are made anew afterwards, which is quicker than filling
    /// them; the database is then vacuumed and analysed, as it would be in years of use.
    pub fn grow(&mut self, movements: u64) -> Result<()> {
        let wanted = movements / MOVEMENTS_PER_LOT;
        self.owner.batch_execute(
            "SET maintenance_work_mem = '512MB'; SET work_mem = '64MB'; SET session_replication_role = replica",
        )?;
        self.owner.batch_execute(&format!("BEGIN; {} COMMIT;", include_str!("used.sql")))?;
        let indexes = self.drop_indexes()?;
        while self.old_lots < wanted {
            let next = (self.old_lots + LOTS_AT_ONCE).min(wanted);
            self.run(include_str!("history.sql"), self.old_lots, next - 1)?;
            self.old_lots = next;
        }
        for index in indexes {
            self.owner.batch_execute(&index)?;
        }
        for statement in ["SET session_replication_role = DEFAULT", "VACUUM ANALYZE", "CHECKPOINT"] {
            self.owner.batch_execute(statement)?;
        }
        Ok(())
    }

    fn drop_indexes(&mut self) -> Result<Vec<String>> {
        use diesel::RunQueryDsl as _;
        let rows: Vec<TextRow> = diesel::sql_query(
            "SELECT pg_get_indexdef(i.indexrelid) AS text FROM pg_index i WHERE i.indrelid IN ('stock_movement'::regclass,
                'stock_balance'::regclass, 'lot'::regclass)
             AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        )
        .load(&mut self.owner)?;
        let made: Vec<String> = rows.into_iter().filter_map(|row| row.text).collect();
        for index in &made {
            let name = index.split_once(" INDEX ").and_then(|(_, rest)| rest.split(' ').next()).unwrap_or_default();
            self.owner.batch_execute(&format!("DROP INDEX {name}"))?;
        }
        Ok(made)
    }

    /// Brings the genealogy to so many families of about ten thousand lots each.
    pub fn grow_families(&mut self, families: i64) -> Result<()> {
        let statements = include_str!("genealogy.sql").replace("{first}", &self.families.to_string());
        let statements = statements.replace("{last}", &(families - 1).to_string());
        self.owner.batch_execute(&format!("BEGIN; {statements} COMMIT;"))?;
        // Not in one text: that would be one transaction, in which nothing can be vacuumed.
        for statement in ["VACUUM ANALYZE lot", "VACUUM ANALYZE lot_link", "CHECKPOINT"] {
            self.owner.batch_execute(statement)?;
        }
        self.families = families;
        Ok(())
    }

    /// What events recorded, as it was hashed.
    pub fn recorded(&mut self, which: &str) -> Result<Vec<String>> {
        use diesel::RunQueryDsl as _;
        let rows: Vec<TextRow> = diesel::sql_query(format!(
            "SELECT convert_from(substr(canonical_bytes, 22), 'UTF8') AS text FROM audit_event WHERE {which} ORDER BY id"
        ))
        .load(&mut self.owner)?;
        Ok(rows.into_iter().filter_map(|row| row.text).collect())
    }

    /// Movements there are.
    pub fn movements(&mut self) -> Result<i64> {
        count(&mut self.owner, "SELECT count(*) AS count FROM stock_movement")
    }

    /// Bytes of one movement on disk: in the table, and in its indexes.
    pub fn bytes_per_movement(&mut self) -> Result<(i64, i64)> {
        let movements = self.movements()?.max(1);
        let heap = count(&mut self.owner, "SELECT pg_table_size('stock_movement') AS count")?;
        let indexes = count(&mut self.owner, "SELECT pg_indexes_size('stock_movement') AS count")?;
        Ok((heap / movements, indexes / movements))
    }

    /// Refuses to go on when the balances are not what the movements make them, or the books were not written whole.
    pub fn check(&mut self) -> Result<()> {
        let wrong = count(
            &mut self.owner,
            "SELECT count(*) AS count FROM (
                SELECT org_id, location_id, item_id, lot_id, status, order_id, sum(quantity) AS quantity FROM (
                    SELECT org_id, to_location_id AS location_id, item_id, lot_id, to_status AS status, to_order_id AS order_id,
                        quantity FROM stock_movement
                    UNION ALL SELECT org_id, from_location_id, item_id, lot_id, from_status, from_order_id, -quantity
                    FROM stock_movement
                    UNION ALL SELECT org_id, location_id, item_id, lot_id, status, order_id, -on_hand FROM stock_balance) flow
                GROUP BY 1, 2, 3, 4, 5, 6) f
             JOIN location l ON (l.org_id, l.id) = (f.org_id, f.location_id)
             WHERE f.quantity <> 0 AND l.kind NOT IN ('supplier', 'adjustment', 'production')",
        )?;
        anyhow::ensure!(wrong == 0, "{wrong} balances are not what their movements make them");
        Ok(())
    }
}
