//! Keys, lots, serials, dates and counts: 00 to 30 and 37.

use super::Check::{CheckDigit, CompanyPrefixFromSecond};
use super::Definition;
use super::build::{DATE, ITEM, LOCATION_KEY, PIECE, TRADE, TRADE_ITEM_NUMBER, ai, digits, digits_up_to, text_up_to};

#[rustfmt::skip] // One line or two for each identifier reads as the table it is.
pub(super) static ROWS: &[Definition] = &[
    ai("00", "SSCC").predefined().query()
        .of(&[digits(18).checked(&[CheckDigit, CompanyPrefixFromSecond])]).key(&[]),
    ai("01", "GTIN").predefined().query().of(TRADE_ITEM_NUMBER).excludes(&["255", "37"])
        .key(&["22,10,21", "235"]),
    ai("02", "CONTENT").predefined().query().of(TRADE_ITEM_NUMBER).requires(&["37"])
        .excludes(&["01", "03"]),
    ai("03", "MTO GTIN").predefined().of(TRADE_ITEM_NUMBER).excludes(&["01", "02", "37", "235"]),
    ai("10", "BATCH/LOT").query().of(&[text_up_to(20)]).requires(ITEM),
    ai("11", "PROD DATE").predefined().query().of(DATE).requires(ITEM),
    ai("12", "DUE DATE").predefined().query().of(DATE).requires(&["8020"]),
    ai("13", "PACK DATE").predefined().query().of(DATE).requires(ITEM),
    ai("15", "BEST BEFORE or BEST BY").predefined().query().of(DATE).requires(ITEM),
    ai("16", "SELL BY").predefined().query().of(DATE).requires(ITEM),
    ai("17", "USE BY or EXPIRY").predefined().query().of(DATE)
        .requires(&["01", "02", "03", "255", "8006", "8026"]),
    ai("20", "VARIANT").predefined().query().of(&[digits(2)]).requires(ITEM),
    ai("21", "SERIAL").of(&[text_up_to(20)]).requires(PIECE).excludes(&["235"]),
    ai("22", "CPV").of(&[text_up_to(20)]).requires(&["01"]),
    ai("235", "TPX").of(&[text_up_to(28)]).requires(&["01"]),
    ai("240", "ADDITIONAL ID").query().of(&[text_up_to(30)]).requires(ITEM),
    ai("241", "CUST. PART No.").query().of(&[text_up_to(30)]).requires(ITEM),
    ai("242", "MTO VARIANT").query().of(&[digits_up_to(6)]).requires(&["01", "02", "8006", "8026"]),
    ai("243", "PCN").query().of(&[text_up_to(20)]).requires(&["01", "03"]),
    ai("250", "SECONDARY SERIAL").query().of(&[text_up_to(30)])
        .requires(&["01+21", "03+21", "8006+21"]),
    ai("251", "REF. TO SOURCE").query().of(&[text_up_to(30)]).requires(PIECE),
    ai("253", "GDTI").query().of(&[LOCATION_KEY, text_up_to(17).optional()]).key(&[]),
    ai("254", "GLN EXTENSION COMPONENT").of(&[text_up_to(20)]).requires(&["414"]),
    ai("255", "GCN").query().of(&[LOCATION_KEY, digits_up_to(12).optional()])
        .excludes(&["01", "02", "415", "8006", "8020", "8026"]).key(&[]),
    ai("30", "VAR. COUNT").query().of(&[digits_up_to(8)]).requires(TRADE),
    ai("37", "COUNT").query().of(&[digits_up_to(8)]).requires(&["00+02", "00+8026"]),
];
