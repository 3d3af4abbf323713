//! An organisation to run sequences in, and who asks there. It is made over HTTP once; the sequences call the services.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use lotline::approvals::Registry;
use lotline::db::{OpCtx, Tx};
use lotline::error::{Error, Result};
use lotline::signing::{Proof, proving};
use lotline_common::id::{ItemId, LocationId, OrderId, PartnerId, UnitId};
use lotline_common::signing::{SignatureGiven, SigningProof};
use serde_json::{Value, json};
use uuid::Uuid;

use super::books::{Item, Spot, instant};
use super::model::{Model, Order, Standing};
use crate::support::app::TestApp;
use crate::support::builders::{Organisation, PASSWORD};
use crate::support::material::{Crew, id, name};

/// Subcontractors of the world.
pub const SUBCONTRACTORS: [&str; 2] = ["SUB-A", "SUB-B"];

/// What an organisation consists of.
pub struct World {
    /// Somebody of the maker with every right, and an approver.
    pub maker: &'static OpCtx,
    pub approver: &'static OpCtx,
    /// Somebody of each subcontractor.
    pub portals: Vec<&'static OpCtx>,
    pub items: BTreeMap<Item, (ItemId, UnitId)>,
    pub supplier: PartnerId,
    pub customer: PartnerId,
    pub orders: Vec<OrderId>,
    pub spots: BTreeMap<Uuid, Spot>,
    pub approvals: Registry,
    /// What the approver, and somebody with every right, have proved to sign.
    pub proofs: [Proof; 2],
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    partner_id: Option<Uuid>,
}

fn typed<T: From<Uuid>>(thing: &Value) -> T {
    id(thing).parse::<Uuid>().unwrap().into()
}

/// Somebody who asks, for as long as the tests run.
fn asker(app: &TestApp, organisation: &Organisation, of: (&str, Option<PartnerId>)) -> &'static OpCtx {
    Box::leak(Box::new(organisation.asker(&app.database, of.0, of.1)))
}

/// Does something as somebody, at a time.
pub fn as_of(tx: &mut Tx, ctx: &'static OpCtx, minutes: i64) {
    let (partner, now) = (ctx.partner.map(|id| id.to_string()).unwrap_or_default(), instant(minutes));
    tx.ctx = ctx;
    tx.now = now;
    let set = format!(
        "SET LOCAL app.person = '{}'; SET LOCAL app.partner = '{partner}'; SET LOCAL app.now = '{}'",
        ctx.person,
        now.to_rfc3339()
    );
    tx.conn.batch_execute(&set).unwrap();
}

/// Tries something: what is refused leaves no trace.
pub fn attempt<T>(tx: &mut Tx, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T, Error> {
    tx.conn.batch_execute("SAVEPOINT step").unwrap();
    let done = work(tx);
    tx.conn.batch_execute(if done.is_ok() { "RELEASE step" } else { "ROLLBACK TO step" }).unwrap();
    done
}

/// Items, and what the orders make of them: screws of bar and wire, and single implants of bar.
struct Goods {
    items: BTreeMap<Item, Value>,
}

impl Goods {
    fn made(crew: &Crew) -> Self {
        let all = [
            (Item::Bar, "RM-BAR", "kg", "lot"),
            (Item::Wire, "RM-WIRE", "pcs", "lot"),
            (Item::Screw, "FG-SCREW", "pcs", "lot"),
            (Item::Implant, "FG-IMPLANT", "pcs", "serial"),
        ];
        Self { items: all.into_iter().map(|(item, code, unit, by)| (item, crew.item(code, unit, by))).collect() }
    }
}

const SCREW: [(Item, i64); 2] = [(Item::Bar, 2), (Item::Wire, 1)];
const IMPLANT: [(Item, i64); 1] = [(Item::Bar, 1)];
/// Bar made of screws again, so that what is made could become what it is made of.
const REMELT: [(Item, i64); 1] = [(Item::Screw, 1)];

/// The orders: subcontractor, product, how many, what each takes.
type OrderOf = (usize, Item, i64, &'static [(Item, i64)]);

const ORDERS: [OrderOf; 5] = [
    (0, Item::Screw, 30, &SCREW),
    (0, Item::Screw, 12, &SCREW),
    (1, Item::Screw, 9, &SCREW),
    (1, Item::Implant, 6, &IMPLANT),
    (1, Item::Bar, 7, &REMELT),
];

fn open_order(crew: &Crew, head: &Value) -> Value {
    let order = crew.clerk.post("/orders", head).ok();
    let path = format!("/orders/{}/transitions", id(&order));
    crew.clerk.post_version(&path, &order["version"], &json!({ "state": "open" })).ok()
}

/// A signature by password on a record.
pub fn signature(login: &str, record: String) -> SignatureGiven {
    let proof = SigningProof::Password { login: login.to_owned(), password: PASSWORD.to_owned(), code: None };
    SignatureGiven { record, proof }
}

fn proof(app: &TestApp, organisation: &Organisation, role: &str) -> Proof {
    let login = organisation.login(role);
    let ctx = asker(app, organisation, (&login, None));
    proving::prove(&app.db, ctx, &app.state.signing, &signature(&login, String::new())).unwrap()
}

impl World {
    /// Makes one, with the model of it.
    pub fn make(app: &TestApp, organisation: &Organisation) -> (Self, Model) {
        let crew = Crew::of(app, organisation);
        let shelf = json!({ "code": "STORE-B", "name": name("STORE-B"), "kind": "own_stock", "active": true });
        crew.clerk.post("/locations", &shelf).ok();
        let goods = Goods::made(&crew);
        let partners: Vec<Value> = SUBCONTRACTORS.iter().map(|code| crew.subcontractor(code)).collect();
        let orders = Self::orders(&crew, &goods, &partners);
        let portals = SUBCONTRACTORS.iter().zip(&partners).map(|(code, partner)| {
            let login = organisation.login(&code.to_lowercase());
            organisation.portal_member(&app.database, &login, typed(partner));
            asker(app, organisation, (&login, Some(typed(partner))))
        });
        let world = Self {
            maker: asker(app, organisation, (&organisation.login("everything"), None)),
            approver: asker(app, organisation, (&organisation.login("approver"), None)),
            portals: portals.collect(),
            items: goods.items.iter().map(|(item, row)| (*item, (typed(row), typed(&row["unit"])))).collect(),
            supplier: typed(&crew.supplier("SUP-A")),
            customer: typed(&crew.customer("CUST-A")),
            orders: orders.iter().map(typed).collect(),
            spots: spots(app, organisation, &partners),
            approvals: app.state.approvals.clone(),
            proofs: ["approver", "everything"].map(|login| proof(app, organisation, login)),
        };
        (world, model())
    }

    fn orders(crew: &Crew, goods: &Goods, partners: &[Value]) -> Vec<Value> {
        let mut operations = BTreeMap::new();
        for (_, product, _, takes) in ORDERS {
            operations.entry(product).or_insert_with(|| {
                let operation = crew.operation(&format!("{product:?}").to_uppercase());
                let usages: Vec<(&Value, String)> =
                    takes.iter().map(|(item, each)| (&goods.items[item], (each * 100).to_string())).collect();
                let lines: Vec<(&Value, &str)> = usages.iter().map(|(item, usage)| (*item, usage.as_str())).collect();
                crew.bom(&goods.items[&product], &operation, &lines);
                operation
            });
        }
        let open = ORDERS.iter().map(|(partner, product, quantity, _)| {
            let head = json!({
                "partner_id": partners[*partner]["id"], "operation_id": operations[product]["id"],
                "product_id": goods.items[product]["id"], "quantity": quantity.to_string(), "due_on": "2026-05-01",
            });
            open_order(crew, &head)
        });
        open.collect()
    }

    /// The location that a spot is.
    pub fn location(&self, spot: Spot) -> LocationId {
        let found = self.spots.iter().find(|(_, known)| **known == spot);
        LocationId::from(*found.unwrap_or_else(|| panic!("there is no {spot:?}")).0)
    }
}

fn model() -> Model {
    let order = |(subcontractor, product, ordered, takes): &OrderOf| Order {
        subcontractor: *subcontractor,
        product: *product,
        ordered: *ordered,
        takes: takes.to_vec(),
        standing: Standing::Open,
        issued: BTreeMap::new(),
        received: 0,
    };
    Model { orders: ORDERS.iter().map(order).collect(), ..Model::default() }
}

fn spots(app: &TestApp, organisation: &Organisation, partners: &[Value]) -> BTreeMap<Uuid, Spot> {
    let statement = "SELECT id, code, kind, partner_id FROM location WHERE org_id = $1";
    let org = organisation.founder.org.uuid();
    let rows: Vec<Row> = diesel::sql_query(statement).bind::<SqlUuid, _>(org).load(&mut app.database.owner()).unwrap();
    let spot = |row: &Row| {
        let whose = || partners.iter().position(|partner| Some(typed(partner)) == row.partner_id).unwrap();
        match (row.kind.as_str(), row.code.as_str()) {
            ("supplier", _) => Spot::Supplier,
            ("production", _) => Spot::Born,
            ("adjustment", _) => Spot::Adjusted,
            ("quarantine", _) => Spot::Quarantine,
            ("own_stock", "STORE") => Spot::Store,
            ("own_stock", _) => Spot::Shelf,
            ("wip", _) => Spot::Line,
            ("consumed", _) => Spot::Consumed,
            ("scrap", _) => Spot::Scrapped,
            ("customer", _) => Spot::Sold,
            ("in_transit_out", _) => Spot::OnTheWay(whose()),
            ("subcontractor_custody", _) => Spot::Custody(whose()),
            ("in_transit_in", _) => Spot::Returning(whose()),
            ("claim", _) => Spot::Claimed(whose()),
            other => panic!("unknown place {other:?}"),
        }
    };
    rows.iter().map(|row| (row.id, spot(row))).collect()
}
