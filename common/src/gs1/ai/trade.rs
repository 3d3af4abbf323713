//! Prices, orders, parties, places and origin: 39nn to 42n.

use super::Check::{CheckDigit, CompanyPrefix};
use super::build::{
    COUNTRY, CURRENCY, GTIN, ITEM, LOCATION_NUMBER, MEASURED, SHIPMENT, ai, digits, digits_up_to, range, text_up_to,
};
use super::{Component, Definition};

const UP_TO_FIVE_COUNTRIES: &[Component] =
    &[COUNTRY, COUNTRY.optional(), COUNTRY.optional(), COUNTRY.optional(), COUNTRY.optional()];

#[rustfmt::skip] // One line or two for each identifier reads as the table it is.
pub(super) static ROWS: &[Definition] = &[
    range("3900", "3909", "AMOUNT").query().of(&[digits_up_to(15)]).requires(&["255", "8020"])
        .excludes(&["390n", "391n", "394n", "8111"]),
    range("3910", "3919", "AMOUNT").query().of(&[CURRENCY, digits_up_to(15)]).requires(&["8020"])
        .excludes(&["391n"]),
    range("3920", "3929", "PRICE").query().of(&[digits_up_to(15)])
        .requires(&["01+30", "01+31nn", "01+32nn", "01+35nn", "01+36nn"])
        .excludes(&["392n", "393n"]),
    range("3930", "3939", "PRICE").query().of(&[CURRENCY, digits_up_to(15)]).requires(MEASURED)
        .excludes(&["393n"]),
    range("3940", "3943", "PRCNT OFF").query().of(&[digits(4)]).requires(&["255"])
        .excludes(&["394n", "8111"]),
    range("3950", "3955", "PRICE/UoM").query().of(&[digits(6)]).requires(MEASURED)
        .excludes(&["392n", "393n", "395n", "8005"]),
    ai("400", "ORDER NUMBER").query().of(&[text_up_to(30)]),
    ai("401", "GINC").query().of(&[text_up_to(30).checked(&[CompanyPrefix])]).key(&[]),
    ai("402", "GSIN").query().of(&[digits(17).checked(&[CheckDigit, CompanyPrefix])]).key(&[]),
    ai("403", "ROUTE").query().of(&[text_up_to(30)]).requires(SHIPMENT),
    ai("410", "SHIP TO LOC").predefined().query().of(LOCATION_NUMBER),
    ai("411", "BILL TO").predefined().query().of(LOCATION_NUMBER),
    ai("412", "PURCHASE FROM").predefined().query().of(LOCATION_NUMBER),
    ai("413", "SHIP FOR LOC").predefined().query().of(LOCATION_NUMBER),
    ai("414", "LOC No.").predefined().query().of(LOCATION_NUMBER).key(&["254", "7040"]),
    ai("415", "PAY TO").predefined().query().of(LOCATION_NUMBER).requires(&["8020"]).key(&["8020"]),
    ai("416", "PROD/SERV LOC").predefined().query().of(LOCATION_NUMBER),
    ai("417", "PARTY").predefined().query().of(LOCATION_NUMBER).key(&["7040"]),
    ai("420", "SHIP TO POST").query().of(&[text_up_to(20)]).excludes(&["421"]),
    ai("421", "SHIP TO POST").query().of(&[COUNTRY, text_up_to(9)]).excludes(&["4307"]),
    ai("422", "ORIGIN").query().of(&[COUNTRY]).requires(ITEM).excludes(&["426"]),
    ai("423", "COUNTRY - INITIAL PROCESS").query()
        .of(UP_TO_FIVE_COUNTRIES)
        .requires(GTIN).excludes(&["426"]),
    ai("424", "COUNTRY - PROCESS").query().of(&[COUNTRY]).requires(GTIN).excludes(&["426"]),
    ai("425", "COUNTRY - DISASSEMBLY").query()
        .of(UP_TO_FIVE_COUNTRIES)
        .requires(GTIN).excludes(&["426"]),
    ai("426", "COUNTRY - FULL PROCESS").query().of(&[COUNTRY]).requires(GTIN),
    ai("427", "ORIGIN SUBDIVISION").query().of(&[text_up_to(3)])
        .requires(&["01+422", "02+422", "03+422"]),
];
