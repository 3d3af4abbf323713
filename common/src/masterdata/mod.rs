//! Master data: units, items, partners, locations, operations and bills of material (主数据).

mod boms;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::id::{ItemId, LocationId, OperationId, PartnerId, PersonId, UnitId};
use crate::locale::Name;
use crate::text_enum::text_enum;

pub use boms::{Bom, BomLine, BomLineWrite, BomSummary, BomTransition, BomWrite};

text_enum! {
    /// What an item is (物料类别).
    ItemKind {
        /// Bought and processed: bar, powder, film (原材料).
        RawMaterial => "raw_material",
        /// Made or bought, goes into a product (组件).
        Component => "component",
        /// What is sold, or comes back from a subcontractor (产品).
        Product => "product",
        /// Pouches, boxes, labels (包材).
        Packaging => "packaging",
        /// Lent out and returned: moulds, fixtures (工装).
        Tooling => "tooling",
    }
}

text_enum! {
    /// How much could go wrong at a subcontractor (受托方风险等级).
    PartnerRisk {
        /// Little.
        Low => "low",
        /// Some.
        Medium => "medium",
        /// Much.
        High => "high",
    }
}

text_enum! {
    /// How single pieces of an item are told apart (追踪方式).
    Tracking {
        /// Not at all.
        None => "none",
        /// By lot.
        Lot => "lot",
        /// By serial number: a lot of exactly one.
        Serial => "serial",
    }
}

text_enum! {
    /// How an item must be kept (储存条件).
    StorageClass {
        /// Room conditions.
        Ambient => "ambient",
        /// Dry.
        Dry => "dry",
        /// 8 to 15 °C.
        Cool => "cool",
        /// 2 to 8 °C.
        Cold => "cold",
        /// Clean room.
        Clean => "clean",
    }
}

text_enum! {
    /// What being at a location means (库位类型, domain.md C1).
    LocationKind {
        /// The supplier, where material comes from.
        Supplier => "supplier",
        /// Own shelf for what quality has not released.
        Quarantine => "quarantine",
        /// Own shelf.
        OwnStock => "own_stock",
        /// Own production line.
        Wip => "wip",
        /// On the way to a subcontractor.
        InTransitOut => "in_transit_out",
        /// At a subcontractor, who confirmed it.
        SubcontractorCustody => "subcontractor_custody",
        /// On the way back.
        InTransitIn => "in_transit_in",
        /// Missing or damaged on the way, until the claim is settled.
        Claim => "claim",
        /// Used up in a product.
        Consumed => "consumed",
        /// Destroyed.
        Scrap => "scrap",
        /// Shipped to a customer.
        Customer => "customer",
        /// Counter-account of approved count differences.
        Adjustment => "adjustment",
        /// Where lots are made: at a subcontractor, on an own line, by repacking.
        Production => "production",
    }
}

impl LocationKind {
    /// Shelves of the organisation itself: people make and edit only these.
    #[must_use]
    pub const fn is_own(self) -> bool {
        matches!(self, Self::Quarantine | Self::OwnStock | Self::Wip)
    }

    /// Held by, or travelling for, a subcontractor: what stands here stands on an order's account.
    #[must_use]
    pub const fn is_on_order(self) -> bool {
        matches!(self, Self::InTransitOut | Self::SubcontractorCustody | Self::InTransitIn | Self::Claim)
    }

    /// Beyond the books: quantities come from here and go here, no balance is kept.
    #[must_use]
    pub const fn is_boundary(self) -> bool {
        matches!(self, Self::Supplier | Self::Adjustment | Self::Production)
    }
}

text_enum! {
    /// State of a bill of material's revision (版次状态).
    BomState {
        /// Being written.
        Draft => "draft",
        /// Orders take this one.
        Active => "active",
        /// No longer taken; orders that froze it keep their components.
        Retired => "retired",
    }
}

text_enum! {
    /// Who provides a component (供料方式).
    #[derive(Default)]
    Supply {
        /// By us, from our stock (我方供料，甲供).
        #[default]
        Consigned => "consigned",
        /// By the subcontractor, who declares its own lots when the goods come back (受托方自备).
        SupplierSourced => "supplier_sourced",
        /// Bought by us, delivered by its supplier straight to the subcontractor (直送).
        DropShipped => "drop_shipped",
        /// Lent by us, never used up, comes back or goes on to another order (工装).
        Tooling => "tooling",
    }
}

impl Supply {
    /// Leaves our own shelves: requested, picked and issued.
    #[must_use]
    pub const fn is_issued(self) -> bool {
        matches!(self, Self::Consigned | Self::Tooling)
    }

    /// Our material, used up in the product: its loss is measured and its cost is the product's.
    #[must_use]
    pub const fn is_our_material(self) -> bool {
        matches!(self, Self::Consigned | Self::DropShipped)
    }

    /// What it is, for the words of a refusal.
    #[must_use]
    pub fn name(self) -> Name {
        match self {
            Self::Consigned => Name::new("我方供料（甲供）", "consigned from our stock"),
            Self::SupplierSourced => Name::new("受托方自备", "sourced by the subcontractor"),
            Self::DropShipped => Name::new("直送", "delivered straight to the subcontractor"),
            Self::Tooling => Name::new("工装", "tooling on loan"),
        }
    }
}

macro_rules! reference {
    ($(#[$meta:meta])* $name:ident, $id:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub struct $name {
            /// Identifier.
            pub id: $id,
            /// Code.
            pub code: String,
            /// Name.
            pub name: Name,
        }
    };
}

reference! {
    /// A partner in a reference.
    PartnerRef, PartnerId
}
reference! {
    /// An operation in a reference.
    OperationRef, OperationId
}

/// A location in a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LocationRef {
    /// Identifier.
    pub id: LocationId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: Name,
    /// What being there means.
    pub kind: LocationKind,
}

/// A unit in a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnitRef {
    /// Identifier.
    pub id: UnitId,
    /// Symbol.
    pub code: String,
    /// Decimal places a quantity may have.
    pub decimal_places: u32,
}

/// An item in a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemRef {
    /// Identifier.
    pub id: ItemId,
    /// Item number.
    pub code: String,
    /// Name.
    pub name: Name,
    /// Base unit.
    pub unit: UnitRef,
    /// How single pieces are told apart.
    pub tracking: Tracking,
}

/// A unit of measure (计量单位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unit {
    /// Identifier.
    pub id: UnitId,
    /// Symbol.
    pub code: String,
    /// Name.
    pub name: Name,
    /// Decimal places a quantity may have, 0 to 6.
    pub decimal_places: u32,
    /// Offered for new records.
    pub active: bool,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Make or change a unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitWrite {
    /// Symbol: 1 to 8 letters, digits, `%` or `/`.
    #[schema(example = "kg", min_length = 1, max_length = 8)]
    pub code: String,
    /// Name.
    pub name: Name,
    /// Decimal places a quantity may have; fixed once the unit is used.
    #[schema(minimum = 0, maximum = 6, example = 3)]
    pub decimal_places: u32,
    /// Offered for new records.
    pub active: bool,
}

/// An item (物料).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Item {
    /// Identifier.
    pub id: ItemId,
    /// Item number.
    pub code: String,
    /// Name.
    pub name: Name,
    /// What it is.
    pub kind: ItemKind,
    /// How single pieces are told apart.
    pub tracking: Tracking,
    /// Base unit.
    pub unit: UnitRef,
    /// Global Trade Item Number, 14 digits.
    pub gtin: Option<String>,
    /// Days from manufacture to expiry; absent when it does not expire.
    pub shelf_life_days: Option<i32>,
    /// Tooling with serial numbers: how often one piece may be used.
    pub life_uses: Option<i32>,
    /// What is never promised (安全库存).
    pub safety_stock: Decimal,
    /// How it must be kept.
    pub storage_class: StorageClass,
    /// Specification, drawing or standard.
    pub specification: String,
    /// Who answers for it (物料负责人).
    pub owner: Option<PersonRef>,
    /// Offered for new records.
    pub active: bool,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Make or change an item.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemWrite {
    /// Item number: capital letters, digits, `.` and `-`.
    #[schema(example = "RM-TI-006", max_length = 32)]
    pub code: String,
    /// Name.
    pub name: Name,
    /// What it is.
    pub kind: ItemKind,
    /// How single pieces are told apart; fixed once the item has moved.
    pub tracking: Tracking,
    /// Base unit; fixed once the item has moved.
    pub unit_id: UnitId,
    /// GTIN with 8, 12, 13 or 14 digits; kept with 14.
    #[serde(default)]
    #[schema(example = "06901234567892", max_length = 14)]
    pub gtin: Option<String>,
    /// Days from manufacture to expiry.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 36500)]
    pub shelf_life_days: Option<i32>,
    /// Tooling with serial numbers: how often one piece may be used; pieces that are there keep what they have.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100_000_000)]
    pub life_uses: Option<i32>,
    /// What is never promised (安全库存), in the base unit.
    #[serde(default)]
    #[schema(example = "0")]
    pub safety_stock: Decimal,
    /// How it must be kept.
    pub storage_class: StorageClass,
    /// Specification, drawing or standard.
    #[serde(default)]
    #[schema(example = "ISO 5832-3", max_length = 500)]
    pub specification: String,
    /// Who answers for it (物料负责人): one of the maker's own people.
    #[serde(default)]
    pub owner_id: Option<PersonId>,
    /// Offered for new records.
    pub active: bool,
}

/// A subcontractor, supplier or customer (往来单位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Partner {
    /// Identifier.
    pub id: PartnerId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: Name,
    /// Delivers material.
    pub supplier: bool,
    /// Processes our material. The system keeps its custody, transit and claim locations.
    pub subcontractor: bool,
    /// Gets finished goods.
    pub customer: bool,
    /// Contact person.
    pub contact_name: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Postal address.
    pub address: String,
    /// Risk class as a subcontractor (受托方风险等级); absent: not classed.
    pub risk: Option<PartnerRisk>,
    /// Offered for new records.
    pub active: bool,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Make or change a partner.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerWrite {
    /// Code: capital letters, digits and `-`; fixed afterwards.
    #[schema(example = "SUB-MACH", max_length = 20)]
    pub code: String,
    /// Name.
    pub name: Name,
    /// Delivers material.
    pub supplier: bool,
    /// Processes our material.
    pub subcontractor: bool,
    /// Gets finished goods.
    #[serde(default)]
    pub customer: bool,
    /// Contact person.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub contact_name: String,
    /// Telephone.
    #[serde(default)]
    #[schema(max_length = 50)]
    pub phone: String,
    /// E-mail.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub email: String,
    /// Postal address.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub address: String,
    /// Risk class as a subcontractor (受托方风险等级).
    #[serde(default)]
    pub risk: Option<PartnerRisk>,
    /// Offered for new records.
    pub active: bool,
}

/// A location (库位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Location {
    /// Identifier.
    pub id: LocationId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: Name,
    /// What being there means.
    pub kind: LocationKind,
    /// Whose custody or transit it is.
    pub partner: Option<PartnerRef>,
    /// Made by the system, not edited by hand.
    pub system_made: bool,
    /// Offered for new records.
    pub active: bool,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Make or change an own location.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocationWrite {
    /// Code: capital letters, digits, `.` and `-`.
    #[schema(example = "A-01-02", max_length = 32)]
    pub code: String,
    /// Name.
    pub name: Name,
    /// `quarantine`, `own_stock` or `wip`; fixed afterwards.
    pub kind: LocationKind,
    /// Offered for new records.
    pub active: bool,
}

/// An operation that is sent out (委外工序).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Operation {
    /// Identifier.
    pub id: OperationId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: Name,
    /// Offered for new records.
    pub active: bool,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Make or change an operation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperationWrite {
    /// Code: capital letters, digits and `-`.
    #[schema(example = "CNC", max_length = 20)]
    pub code: String,
    /// Name.
    pub name: Name,
    /// Offered for new records.
    pub active: bool,
}
