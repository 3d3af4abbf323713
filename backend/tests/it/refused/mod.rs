//! The refusals of every movement: a table for each kind. What is sent, the code, what a reader of Chinese and one of
//! English is told of the very case, and that nothing at all was written.

mod clauses;
mod custody;
mod direct;
mod issuing;
mod own_house;
mod receiving;
mod undoing;

use diesel::prelude::*;
use lotline_common::problem::ProblemCode;
use reqwest::Method;
use serde_json::{Value, json};

use super::support::app::{Answer, Client, TestApp};
use super::support::db::texts;
use super::support::material::{Contract, Crew, id};

/// One thing that is refused.
struct Case {
    /// What is wrong.
    what: &'static str,
    /// What is sent.
    body: Value,
    /// Why it is refused.
    code: ProblemCode,
    /// The field at fault; empty when it is the whole.
    at: &'static str,
    /// What a reader of Chinese finds in the refusal, between bars.
    zh: &'static str,
    /// What a reader of English finds in it.
    en: &'static str,
}

/// A row of a table: what is sent, why it is refused, and what is said.
fn refused(
    (what, body): (&'static str, Value),
    (code, at): (ProblemCode, &'static str),
    (zh, en): (&'static str, &'static str),
) -> Case {
    Case { what, body, code, at, zh, en }
}

/// Where it is sent, by whom, for which version.
struct Sent<'a> {
    client: &'a Client,
    path: String,
    version: Value,
}

impl<'a> Sent<'a> {
    fn to(client: &'a Client, path: impl Into<String>) -> Self {
        Self { client, path: path.into(), version: Value::Null }
    }

    fn of(mut self, version: &Value) -> Self {
        self.version = version.clone();
        self
    }

    fn send(&self, body: &Value, language: &str) -> Answer {
        let request = self.client.request(Method::POST, &self.path).header("accept-language", language).json(body);
        if self.version.is_null() { request.send() } else { request.version(&self.version).send() }
    }
}

impl Case {
    /// What is said of the case, with its remedy.
    fn said(&self, answer: Answer) -> String {
        if self.at.is_empty() {
            let problem = answer.problem(self.code);
            return format!("{} {}", problem["detail"].as_str().unwrap(), problem["remedy"].as_str().unwrap());
        }
        let problem = answer.problem(ProblemCode::FieldsInvalid);
        let found = problem["errors"].as_array().unwrap().iter();
        let found = found.clone().find(|error| error["pointer"] == self.at && error["code"] == self.code.as_str());
        let found = found.unwrap_or_else(|| panic!("{}: {} at {} is not in {problem}", self.what, self.code, self.at));
        found["detail"].as_str().unwrap().to_owned()
    }
}

/// Everything that stands in the books and on paper, table by table. Sessions are nobody's business.
fn everything(app: &TestApp) -> Vec<String> {
    let tables = "SELECT c.relname || ' ' || md5(query_to_xml(
            format('SELECT t::text FROM %I t ORDER BY 1', c.relname), true, false, '')::text) AS text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'session' ORDER BY c.relname";
    texts(&mut app.database.owner(), tables)
}

/// Plays a table.
fn play(app: &TestApp, sent: &Sent, cases: Vec<Case>) {
    let before = everything(app);
    for case in cases {
        for (language, phrases) in [("zh-CN", case.zh), ("en", case.en)] {
            let said = case.said(sent.send(&case.body, language));
            for phrase in phrases.split('|') {
                assert!(said.contains(phrase), "{} in {language} does not say “{phrase}”: {said}", case.what);
            }
            assert!(!said.contains(['{', '}', '_']), "{}: a word of the program is left in: {said}", case.what);
        }
        assert_eq!(everything(app), before, "{}: something was written", case.what);
    }
}

/// The body with another value at a pointer.
fn with(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {pointer}"));
    match parent {
        Value::Array(values) => values[name.parse::<usize>().unwrap()] = value,
        parent => parent[name] = value,
    }
    body
}

/// The body with one line twice.
fn twice(body: &Value) -> Value {
    let mut body = body.clone();
    let lines = body["lines"].as_array_mut().unwrap();
    lines.insert(0, lines[0].clone());
    body
}

/// 5 kg of lot L-1 in custody for an order of 500 screws, 15 kg of it on the shelf; February is closed; another
/// organisation has the same.
struct World {
    app: TestApp,
    crew: Crew,
    contract: Contract,
    order: Value,
    lot: Value,
    /// An order that was called off.
    cancelled: Value,
    /// An order that has nothing in custody.
    bare: Value,
    foreign: Foreign,
}

/// What belongs to the other organisation.
struct Foreign {
    order: Value,
    lot: Value,
    contract: Contract,
    receipt: Value,
}

fn world() -> World {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let lot = crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    let (cancelled, bare) = (crew.order(&contract, "100"), crew.order(&contract, "100"));
    let off = json!({ "state": "cancelled", "reason": "customer withdrew" });
    let path = format!("/orders/{}/transitions", id(&cancelled));
    let cancelled = crew.clerk.post_version(&path, &cancelled["version"], &off).ok();
    crew.manager.post("/periods", &json!({ "month": "2026-02-01" })).ok();
    let other = app.found("other");
    let other = Crew::of(&app, &other);
    let theirs = other.contract();
    let receipt = other.receive(&theirs.supplier, &theirs.bar, ("L-9", "20"));
    let foreign =
        Foreign { lot: other.release(&receipt), order: other.order(&theirs, "100"), receipt, contract: theirs };
    World { app, crew, contract, order, lot, cancelled, bare, foreign }
}

impl World {
    fn documents(&self) -> Sent<'_> {
        Sent::to(&self.crew.warehouse, "/material-documents")
    }

    /// One lot of bar.
    fn line(&self, quantity: &str) -> Value {
        json!({ "item_id": self.contract.bar["id"], "lot_id": self.lot["id"], "quantity": quantity })
    }

    /// A document on the order.
    fn paper(&self, kind: &str, quantity: &str) -> Value {
        json!({
            "kind": kind, "order_id": self.order["id"], "reason": "left over after the last tranche",
            "lines": [self.line(quantity)],
        })
    }

    /// A document from, and to, own places.
    fn own(&self, kind: &str, quantity: &str, places: [Option<&str>; 2]) -> Value {
        let mut line = self.line(quantity);
        for (field, code) in ["from_location_id", "to_location_id"].into_iter().zip(places) {
            if let Some(code) = code {
                line[field] = self.place(code);
            }
        }
        json!({ "kind": kind, "reason": "for the work order", "lines": [line] })
    }

    fn place(&self, code: &str) -> Value {
        self.crew.location(code)["id"].clone()
    }

    fn done(&self, document: &Value) -> Value {
        self.crew.warehouse.post("/material-documents", document).ok()
    }

    /// Another lot of bar on the shelf that quality has blocked.
    fn blocked(&self, code: &str) -> Value {
        let lot = self.crew.released_lot(&self.contract, (code, "10"));
        let block = json!({ "decision": "block", "reason": "hardness in doubt" });
        let path = format!("/lots/{}/decisions", id(&lot));
        self.crew.quality.post_version(&path, &lot["version"], &block).ok()
    }

    /// Another lot of bar on the shelf whose last day is over.
    fn expired(&self, code: &str) -> Value {
        let lot = self.crew.released_lot(&self.contract, (code, "10"));
        diesel::sql_query(format!("UPDATE lot SET expires_on = '2026-03-01' WHERE id = '{}'", id(&lot)))
            .execute(&mut self.app.database.owner())
            .unwrap();
        lot
    }

    /// What any document of a kind is refused for, whatever it does.
    fn of_any(&self, base: &Value) -> Vec<Case> {
        use ProblemCode::{
            LinesMissing, PeriodClosed, QuantityTooLarge, QuantityTooPrecise, ReferenceUnknown, TimeInFuture,
        };
        let line = |field: &str, value: Value| with(base, &format!("/lines/0/{field}"), value);
        let many: Vec<Value> = (0..201).map(|_| base["lines"][0].clone()).collect();
        vec![
            refused(
                ("finer than the unit", line("quantity", json!("1.0001"))),
                (QuantityTooPrecise, "/lines/0/quantity"),
                ("1.0001|3 位", "1.0001|the 3 its unit"),
            ),
            refused(
                ("absurdly much", line("quantity", json!("99999999999999"))),
                (QuantityTooLarge, "/lines/0/quantity"),
                ("99999999999999", "99999999999999"),
            ),
            refused(
                ("the other organisation's item", line("item_id", self.foreign.contract.bar["id"].clone())),
                (ReferenceUnknown, "/lines/0/item_id"),
                ("引用的物料不存在", "The item referred to"),
            ),
            refused(
                ("the other organisation's lot", line("lot_id", self.foreign.lot["id"].clone())),
                (ReferenceUnknown, "/lines/0/lot_id"),
                ("引用的批次不存在", "The lot referred to"),
            ),
            refused(
                ("it is yet to happen", with(base, "/occurred_at", json!("2026-03-03T00:00:00Z"))),
                (TimeInFuture, "/occurred_at"),
                ("2026-03-03", "2026-03-03"),
            ),
            refused(
                ("a photo of tomorrow", with(base, "/evidence_at", json!("2026-03-03T00:00:00Z"))),
                (TimeInFuture, "/evidence_at"),
                ("2026-03-03", "2026-03-03"),
            ),
            refused(
                ("its month is closed", with(base, "/occurred_at", json!("2026-02-28T15:59:59Z"))),
                (PeriodClosed, ""),
                ("2026-02 已关账|备注中写明实际发生日期", "2026-02 is closed|Give a time in an open month"),
            ),
            refused(
                ("no lines", with(base, "/lines", json!([]))),
                (LinesMissing, "/lines"),
                ("至少需要一行|200", "at least one line|200"),
            ),
            refused(
                ("too many lines", with(base, "/lines", Value::Array(many))),
                (LinesMissing, "/lines"),
                ("最多 200 行", "at most 200"),
            ),
        ]
    }

    /// What moves needs a lot and a quantity, and a lot stands on one line.
    fn of_moving(&self, base: &Value) -> Vec<Case> {
        use ProblemCode::{LineDuplicate, LotRequired, QuantityNotPositive};
        let line = |field: &str, value: Value| with(base, &format!("/lines/0/{field}"), value);
        let mut cases = self.of_any(base);
        cases.extend([
            refused(
                ("nothing", line("quantity", json!("0"))),
                (QuantityNotPositive, "/lines/0/quantity"),
                ("数量 0 不大于零", "quantity 0 is not greater"),
            ),
            refused(
                ("less than nothing", line("quantity", json!("-2.5"))),
                (QuantityNotPositive, "/lines/0/quantity"),
                ("-2.5", "-2.5"),
            ),
            refused(
                ("no lot", line("lot_id", Value::Null)),
                (LotRequired, "/lines/0/lot_id"),
                ("物料 ", "tracked by lot"),
            ),
            refused(
                ("the same lot twice", twice(base)),
                (LineDuplicate, "/lines/1"),
                ("同一批次（第 1、2 行）", "The same lot (lines 1 and 2)"),
            ),
        ]);
        cases
    }

    /// What stands on an order needs one that is ours and open.
    fn of_order(&self, base: &Value) -> Vec<Case> {
        use ProblemCode::{FieldRequired, OrderNotOpen, ReferenceUnknown};
        vec![
            refused(
                ("no order", with(base, "/order_id", Value::Null)),
                (FieldRequired, "/order_id"),
                ("不能为空", "must not be empty"),
            ),
            refused(
                ("the other organisation's order", with(base, "/order_id", self.foreign.order["id"].clone())),
                (ReferenceUnknown, ""),
                ("引用的委外订单不存在", "The subcontract order referred to"),
            ),
            refused(
                ("an order that was called off", with(base, "/order_id", self.cancelled["id"].clone())),
                (OrderNotOpen, ""),
                ("处于“已取消”|不再接收任何业务", "is cancelled, not open|use an order that is open"),
            ),
        ]
    }

    /// The reason is missing.
    fn of_reason(&self, base: &Value) -> Case {
        let body = with(base, "/reason", json!(" no "));
        refused(
            ("no reason", body),
            (ProblemCode::ReasonRequired, "/reason"),
            ("至少 5 个字符", "at least 5 characters"),
        )
    }
}
