//! What a flow may ask of a document: figures, words, yes or no, days. Each fact has one type, so a condition cannot compare a
//! word with a number.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ledger::DocumentKind;
use crate::text_enum::text_enum;

text_enum! {
    /// A figure of a document.
    NumberFact {
        /// What it is worth by the last known cost of each item, in the organisation's currency (金额); not said when one has
        /// no cost yet.
        Value => "value",
        /// The largest quantity of its lines, in the item's unit (数量).
        Quantity => "quantity",
        /// How many lines it has (行数).
        Lines => "lines",
        /// By how many per cent the largest line exceeds what was planned (超出比例).
        ExcessPercent => "excess_percent",
    }
}

text_enum! {
    /// A word, or words, of a document.
    TextFact {
        /// Classes of its items (物料类别).
        ItemClass => "item_class",
        /// Its subcontractor, by identifier (受托方).
        Subcontractor => "subcontractor",
        /// Risk class of the subcontractor (受托方风险等级).
        SubcontractorRisk => "subcontractor_risk",
        /// Its operation, by identifier (工序).
        Operation => "operation",
        /// Kind of the material document (物料单据类型).
        MaterialKind => "material_kind",
        /// What a change request asks for (变更类别).
        Act => "act",
    }
}

impl TextFact {
    /// Whether a document has one of it at most; of the others it may have many.
    #[must_use]
    pub const fn is_single(self) -> bool {
        !matches!(self, Self::ItemClass)
    }
}

text_enum! {
    /// Yes or no about a document.
    FlagFact {
        /// Marked urgent (加急).
        Urgent => "urgent",
        /// Asks for more than was planned (补料).
        Supplement => "supplement",
        /// Goes beyond a tolerance (超允差).
        ToleranceExceeded => "tolerance_exceeded",
        /// A clause refuses it without a leave (触发条款).
        ClauseRefuses => "clause_refuses",
    }
}

text_enum! {
    /// A day that a document names.
    DateFact {
        /// When it is needed (需料日).
        NeededOn => "needed_on",
        /// When it takes effect (生效日).
        EffectiveOn => "effective_on",
    }
}

text_enum! {
    /// The type of a fact, and of a field to be filled in.
    FactKind {
        /// An exact decimal.
        Number => "number",
        /// A text.
        Text => "text",
        /// Yes or no.
        Flag => "flag",
        /// A calendar day.
        Date => "date",
    }
}

/// Any fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// A figure.
    Number(NumberFact),
    /// A word.
    Text(TextFact),
    /// Yes or no.
    Flag(FlagFact),
    /// A day.
    Date(DateFact),
}

/// What is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum FactValue {
    /// A figure.
    Number(Decimal),
    /// A text.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Date(NaiveDate),
}

impl FactValue {
    /// Its type.
    #[must_use]
    pub const fn kind(&self) -> FactKind {
        match self {
            Self::Number(_) => FactKind::Number,
            Self::Text(_) => FactKind::Text,
            Self::Flag(_) => FactKind::Flag,
            Self::Date(_) => FactKind::Date,
        }
    }

    /// Whether it says something.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        !matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

/// What a document says of itself when it asks. What it does not say is absent, and no comparison with it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Figures.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, String>)]
    pub numbers: BTreeMap<NumberFact, Decimal>,
    /// Words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    pub texts: BTreeMap<TextFact, BTreeSet<String>>,
    /// What holds of it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    #[schema(value_type = Vec<FlagFact>)]
    pub flags: BTreeSet<FlagFact>,
    /// Beginnings of days, in the organisation's time zone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, DateTime<Utc>>)]
    pub days: BTreeMap<DateFact, DateTime<Utc>>,
}

/// The facts that documents of a kind have.
#[must_use]
pub const fn offered(kind: DocumentKind) -> &'static [Fact] {
    use Fact::{Date, Flag, Number, Text};
    match kind {
        DocumentKind::Requisition => &[
            Number(NumberFact::Value),
            Number(NumberFact::Quantity),
            Number(NumberFact::Lines),
            Number(NumberFact::ExcessPercent),
            Text(TextFact::ItemClass),
            Text(TextFact::Subcontractor),
            Text(TextFact::SubcontractorRisk),
            Text(TextFact::Operation),
            Flag(FlagFact::Urgent),
            Flag(FlagFact::Supplement),
            Flag(FlagFact::ToleranceExceeded),
            Date(DateFact::NeededOn),
        ],
        DocumentKind::Material => &[
            Number(NumberFact::Value),
            Number(NumberFact::Quantity),
            Number(NumberFact::Lines),
            Text(TextFact::ItemClass),
            Text(TextFact::Subcontractor),
            Text(TextFact::SubcontractorRisk),
            Text(TextFact::MaterialKind),
            Flag(FlagFact::ToleranceExceeded),
        ],
        DocumentKind::Agreement => {
            &[Text(TextFact::Subcontractor), Text(TextFact::SubcontractorRisk), Date(DateFact::EffectiveOn)]
        }
        DocumentKind::ClauseOverride => &[
            Number(NumberFact::ExcessPercent),
            Text(TextFact::Subcontractor),
            Text(TextFact::SubcontractorRisk),
            Flag(FlagFact::ClauseRefuses),
        ],
        DocumentKind::LotRelease => &[
            Number(NumberFact::Value),
            Number(NumberFact::Quantity),
            Text(TextFact::ItemClass),
            Text(TextFact::Subcontractor),
            Text(TextFact::SubcontractorRisk),
        ],
        DocumentKind::MasterdataChange => {
            &[Text(TextFact::Act), Text(TextFact::ItemClass), Text(TextFact::SubcontractorRisk)]
        }
        DocumentKind::AccessChange => &[Text(TextFact::Act)],
        _ => &[],
    }
}
