//! The people and things of the demonstration.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use lotline_common::access::{MemberCreate, OrganisationUpdate};
use lotline_common::gs1::check_digit::check_digit;
use lotline_common::id::{ItemId, OperationId, OrganisationId, PartnerId, RoleId, UnitId};
use lotline_common::locale::{Locale, Name};
use lotline_common::masterdata::{
    BomLineWrite, BomState, BomTransition, BomWrite, ItemKind, ItemWrite, LocationKind, LocationWrite, OperationWrite,
    PartnerWrite, Supply,
};
use lotline_common::permission::Permission;
use lotline_common::signing::SignatureGiven;
use uuid::Uuid;

use super::catalogue::{
    BOMS, CUSTOMERS, DemoItem, ITEMS, Named, OPERATIONS, PEOPLE, SHELVES, SUBCONTRACTORS, SUPPLIERS, SUPPLIES,
};
use super::{LOGINS, PASSWORD};
use crate::access::members;
use crate::clock::{Clock, SystemClock};
use crate::db::{Db, OpCtx, Tx, WriteOptions, Written};
use crate::error::{Error, Result};
use crate::masterdata::{boms, items, locations, operations, partners};
use crate::schema::{person, role, unit};
use crate::signing::{Proof, Settings, proving};

/// A clock that the history moves along.
pub struct StoryClock(Mutex<DateTime<Utc>>);

impl Clock for StoryClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StoryClock {
    fn set(&self, to: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

/// Everybody and everything the history needs.
pub struct World {
    db: Db,
    clock: Arc<StoryClock>,
    people: BTreeMap<&'static str, OpCtx>,
    /// Who has proved that it is them, to sign.
    proofs: Mutex<BTreeMap<String, Proof>>,
    /// Items by code, with their unit.
    pub items: BTreeMap<&'static str, (ItemId, UnitId)>,
    /// Partners by code.
    pub partners: BTreeMap<&'static str, PartnerId>,
    /// Operations by code.
    pub operations: BTreeMap<&'static str, OperationId>,
}

fn missing(what: &str) -> Error {
    anyhow::anyhow!("the demonstration lacks {what}").into()
}

/// Finds something by its code.
pub fn by_code<T: Copy>(map: &BTreeMap<&'static str, T>, code: &str) -> Result<T> {
    map.get(code).copied().ok_or_else(|| missing(code))
}

fn name((_, zh, en): &Named) -> Name {
    Name { zh: (*zh).to_owned(), en: (*en).to_owned() }
}

impl World {
    /// Makes people and master data.
    pub fn make(db: &Db, founder: OpCtx) -> Result<Self> {
        let clock = Arc::new(StoryClock(Mutex::new(SystemClock.now() - TimeDelta::days(200))));
        let db = db.with_clock(clock.clone());
        let people = BTreeMap::from([("admin", founder)]);
        let (items, partners, operations) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let proofs = Mutex::default();
        let mut world = Self { db, clock, people, proofs, items, partners, operations };
        world.make_organisation()?;
        world.make_partners()?;
        world.make_people()?;
        world.make_places()?;
        world.make_items()?;
        world.make_boms()?;
        Ok(world)
    }

    /// The organisation.
    pub fn organisation(&self) -> OrganisationId {
        self.people.get("admin").map_or_else(OrganisationId::new, |admin| admin.org)
    }

    /// Moves the clock.
    pub fn at(&self, time: DateTime<Utc>) {
        self.clock.set(time.min(SystemClock.now()));
    }

    /// Somebody does something.
    pub fn act<T>(&self, login: &str, work: impl Fn(&mut Tx) -> Result<T>) -> Result<T> {
        let who = self.people.get(login).ok_or_else(|| missing(login))?;
        let outcome = RefCell::new(None);
        self.db.write(who, &WriteOptions::default(), |tx| {
            outcome.replace(Some(work(tx)?));
            Ok(Written { status: 200, body: serde_json::Value::Null })
        })?;
        outcome.into_inner().ok_or_else(|| missing("an outcome"))
    }

    /// Somebody proves that it is them, to sign: once for the whole history, which is long.
    pub fn proof(&self, login: &str, given: &SignatureGiven) -> Result<Proof> {
        let mut proofs = self.proofs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = proofs.get(login) {
            return Ok(known.clone());
        }
        let who = self.people.get(login).ok_or_else(|| missing(login))?;
        let proof = proving::prove(&self.db, who, &Settings::new(None, &[]), given)?;
        proofs.insert(login.to_owned(), proof.clone());
        Ok(proof)
    }

    fn make_organisation(&self) -> Result<()> {
        let name = Name { zh: "澄岳医疗器械有限公司".to_owned(), en: "Chengyue Medical Devices".to_owned() };
        let time_zone = "Asia/Shanghai".to_owned();
        let settings = OrganisationUpdate {
            name,
            time_zone,
            blind_count: true,
            trace_threshold_percent: None,
            second_factor_to_sign: false,
        };
        self.act("admin", |tx| members::organisation_update(tx, 1, &settings))?;
        Ok(())
    }

    fn make_partners(&mut self) -> Result<()> {
        let suppliers = SUPPLIERS.iter().map(|named| (named, "supplier"));
        let subcontractors = SUBCONTRACTORS.iter().map(|(named, ..)| (named, "subcontractor"));
        let customers = CUSTOMERS.iter().map(|(named, _)| (named, "customer"));
        for (named, role) in suppliers.chain(subcontractors).chain(customers) {
            let command = PartnerWrite {
                code: named.0.to_owned(),
                name: name(named),
                supplier: role == "supplier",
                subcontractor: role == "subcontractor",
                customer: role == "customer",
                contact_name: String::new(),
                phone: "0512-6650 0000".to_owned(),
                email: format!("contact@{}.example", named.0.to_lowercase()),
                address: "江苏省".to_owned(),
                risk: None,
                active: true,
            };
            let made = self.act("admin", |tx| partners::partner_create(tx, &command))?;
            self.partners.insert(named.0, made.id);
        }
        Ok(())
    }

    fn make_people(&mut self) -> Result<()> {
        for (login, display_name, role) in PEOPLE {
            self.make_person((login, display_name, role), None)?;
        }
        for (named, login, display_name) in SUBCONTRACTORS {
            let partner = by_code(&self.partners, named.0)?;
            self.make_person((login, display_name, "portal"), Some(partner))?;
        }
        self.act("admin", |tx| {
            let everybody = person::table.filter(person::login.eq_any(LOGINS));
            Ok(diesel::update(everybody).set(person::must_change_password.eq(false)).execute(tx.conn)?)
        })?;
        Ok(())
    }

    fn make_person(&mut self, who: Named, partner: Option<PartnerId>) -> Result<()> {
        let (login, display_name, role) = who;
        let member = self.act("admin", |tx| {
            let role: Uuid = role::table
                .filter(role::org_id.eq(tx.org()))
                .filter(role::code.eq(role))
                .select(role::id)
                .first(tx.conn)?;
            members::member_create(
                tx,
                &MemberCreate {
                    login: login.to_owned(),
                    display_name: display_name.to_owned(),
                    password: PASSWORD.to_owned(),
                    locale: Locale::ZhCn,
                    partner_id: partner,
                    role_ids: vec![RoleId::from(role)],
                },
            )
        })?;
        let admin = self.people.get("admin").ok_or_else(|| missing("admin"))?;
        let rights: BTreeSet<_> =
            Permission::ALL.iter().copied().filter(|right| right.is_portal() == partner.is_some()).collect();
        let ctx = OpCtx { person: member.person.id, partner, permissions: Arc::new(rights), ..admin.clone() };
        self.people.insert(login, ctx);
        Ok(())
    }

    fn make_places(&mut self) -> Result<()> {
        for named in SHELVES {
            let (code, kind) = (named.0.to_owned(), LocationKind::OwnStock);
            let command = LocationWrite { code, name: name(named), kind, active: true };
            self.act("admin", |tx| locations::location_create(tx, &command))?;
        }
        for named in OPERATIONS {
            let command = OperationWrite { code: named.0.to_owned(), name: name(named), active: true };
            let made = self.act("admin", |tx| operations::operation_create(tx, &command))?;
            self.operations.insert(named.0, made.id);
        }
        Ok(())
    }

    fn make_items(&mut self) -> Result<()> {
        let units: Vec<(Uuid, String)> = self.act("admin", |tx| {
            let units = unit::table.filter(unit::org_id.eq(tx.org())).select((unit::id, unit::code));
            Ok(units.load(tx.conn)?)
        })?;
        for (place, item) in ITEMS.iter().enumerate() {
            let unit = units.iter().find(|(_, code)| code == item.unit).ok_or_else(|| missing(item.unit))?;
            let command = item_write(item, unit.0.into(), place);
            let made = self.act("admin", |tx| items::item_create(tx, &command))?;
            self.items.insert(item.named.0, (made.id, made.unit.id));
        }
        Ok(())
    }

    fn make_boms(&self) -> Result<()> {
        for (product, operation, base, usages) in BOMS {
            let line = |(component, usage, loss, multiple): &super::catalogue::Usage| -> Result<BomLineWrite> {
                let decimal = |text: &str| text.parse().map_err(|error| Error::from(anyhow::Error::from(error)));
                Ok(BomLineWrite {
                    component_id: by_code(&self.items, component)?.0,
                    supply: supply_of(product, component),
                    net_usage: decimal(usage)?,
                    loss_norm_percent: decimal(loss)?,
                    issue_multiple: multiple.map(decimal).transpose()?,
                })
            };
            let command = BomWrite {
                product_id: by_code(&self.items, product)?.0,
                operation_id: by_code(&self.operations, operation)?,
                revision: "A".to_owned(),
                base_quantity: (*base).into(),
                lines: usages.iter().map(line).collect::<Result<_>>()?,
            };
            self.act("admin", |tx| {
                let made = boms::bom_create(tx, &command)?;
                boms::bom_transition(tx, made.id, made.version, &BomTransition { state: BomState::Active })
            })?;
        }
        Ok(())
    }
}

/// Who provides a component of a product.
fn supply_of(product: &str, component: &str) -> Supply {
    let found = SUPPLIES.iter().find(|(of, what, _)| (*of, *what) == (product, component));
    found.map_or(Supply::Consigned, |(.., supply)| *supply)
}

fn item_write(item: &DemoItem, unit_id: UnitId, place: usize) -> ItemWrite {
    let digits = format!("0690123{place:06}");
    let gtin = check_digit(&digits).filter(|_| item.kind != ItemKind::Tooling).map(|last| format!("{digits}{last}"));
    ItemWrite {
        code: item.named.0.to_owned(),
        name: name(&item.named),
        kind: item.kind,
        tracking: item.tracking,
        unit_id,
        gtin,
        shelf_life_days: item.shelf_life_days,
        life_uses: (item.kind == ItemKind::Tooling).then_some(super::catalogue::MOULD_LIFE),
        safety_stock: rust_decimal::Decimal::ZERO,
        storage_class: item.storage_class,
        specification: item.specification.to_owned(),
        owner_id: None,
        active: true,
    }
}
