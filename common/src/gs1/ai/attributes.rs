//! Attributes of items and national healthcare numbers: 70nn and 71n.

use super::Check::{CompanyPrefix, CountryOrMany, ImporterIndex, PackageType};
use super::Definition;
use super::build::{DAY, GTIN, PIECE, SHIPMENT, TIME, TRADE, ai, digits, digits_up_to, range, text, text_up_to};

#[rustfmt::skip] // One line or two for each identifier reads as the table it is.
pub(super) static ROWS: &[Definition] = &[
    ai("7001", "NSN").query().of(&[digits(13)]).requires(&["01", "02", "8006", "8026"]),
    ai("7002", "MEAT CUT").query().of(&[text_up_to(30)]).requires(TRADE),
    ai("7003", "EXPIRY TIME").query().of(&[DAY, TIME]).requires(GTIN),
    ai("7004", "ACTIVE POTENCY").query().of(&[digits_up_to(4)]).requires(&["01+10", "03+10"]),
    ai("7005", "CATCH AREA").query().of(&[text_up_to(12)]).requires(TRADE),
    ai("7006", "FIRST FREEZE DATE").query().of(&[DAY]).requires(TRADE),
    ai("7007", "HARVEST DATE").query().of(&[DAY, DAY.optional()]).requires(TRADE),
    ai("7008", "AQUATIC SPECIES").query().of(&[text_up_to(3)]).requires(TRADE),
    ai("7009", "FISHING GEAR TYPE").query().of(&[text_up_to(10)]).requires(TRADE),
    ai("7010", "PROD METHOD").query().of(&[text_up_to(2)]).requires(GTIN),
    ai("7011", "TEST BY DATE").query().of(&[DAY, TIME.optional()]).requires(GTIN),
    ai("7020", "REFURB LOT").query().of(&[text_up_to(20)])
        .requires(&["01+416", "03+416", "8006+416"]),
    ai("7021", "FUNC STAT").query().of(&[text_up_to(20)]).requires(PIECE),
    ai("7022", "REV STAT").query().of(&[text_up_to(20)])
        .requires(&["01+7021", "03+7021", "8006+7021"]),
    ai("7023", "GIAI - ASSEMBLY").query().of(&[text_up_to(30).checked(&[CompanyPrefix])]),
    range("7030", "7039", "PROCESSOR #").query()
        .of(&[digits(3).checked(&[CountryOrMany]), text_up_to(27)]).requires(TRADE),
    ai("7040", "UIC+EXT").of(&[digits(1), text(1), text(1), text(1).checked(&[ImporterIndex])]),
    ai("7041", "UFRGT UNIT TYPE").of(&[text_up_to(4).checked(&[PackageType])]).requires(SHIPMENT),
    ai("710", "NHRN PZN").query().of(&[text_up_to(20)]).requires(&["01"]),
    ai("711", "NHRN CIP").query().of(&[text_up_to(20)]).requires(&["01"]),
    ai("712", "NHRN CN").query().of(&[text_up_to(20)]).requires(&["01"]),
    ai("713", "NHRN DRN").query().of(&[text_up_to(20)]).requires(&["01"]),
    ai("714", "NHRN AIM").query().of(&[text_up_to(20)]).requires(&["01"]),
    ai("715", "NHRN NDC").query().of(&[text_up_to(20)]).requires(&["01"]),
    ai("716", "NHRN AIC").query().of(&[text_up_to(20)]).requires(&["01"]),
    ai("717", "NHRN SRN").query().of(&[text_up_to(20)]).requires(&["01"]),
];
