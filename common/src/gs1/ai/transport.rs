//! Transport and delivery: 43nn.

use super::Check::{CountryLetters, Hyphens, Latitude, Longitude, YesNo};
use super::Definition;
use super::build::{DAY, DAY_OR_MONTH, SHIPMENT, TIME, ai, digits, encoded, text, text_up_to};

#[rustfmt::skip] // One line or two for each identifier reads as the table it is.
pub(super) static ROWS: &[Definition] = &[
    ai("4300", "SHIP TO COMP").query().of(&[encoded(35)]).requires(SHIPMENT),
    ai("4301", "SHIP TO NAME").query().of(&[encoded(35)]).requires(SHIPMENT),
    ai("4302", "SHIP TO ADD1").query().of(&[encoded(70)]).requires(SHIPMENT),
    ai("4303", "SHIP TO ADD2").query().of(&[encoded(70)]).requires(&["4302"]),
    ai("4304", "SHIP TO SUB").query().of(&[encoded(70)]).requires(SHIPMENT),
    ai("4305", "SHIP TO LOC").query().of(&[encoded(70)]).requires(SHIPMENT),
    ai("4306", "SHIP TO REG").query().of(&[encoded(70)]).requires(SHIPMENT),
    ai("4307", "SHIP TO COUNTRY").query().of(&[text(2).checked(&[CountryLetters])])
        .requires(SHIPMENT),
    ai("4308", "SHIP TO PHONE").query().of(&[text_up_to(30)]).requires(SHIPMENT),
    ai("4309", "SHIP TO GEO").query()
        .of(&[digits(10).checked(&[Latitude]), digits(10).checked(&[Longitude])])
        .requires(SHIPMENT),
    ai("4310", "RTN TO COMP").query().of(&[encoded(35)]).requires(SHIPMENT),
    ai("4311", "RTN TO NAME").query().of(&[encoded(35)]).requires(SHIPMENT),
    ai("4312", "RTN TO ADD1").query().of(&[encoded(70)]).requires(SHIPMENT),
    ai("4313", "RTN TO ADD2").query().of(&[encoded(70)]).requires(&["4312"]),
    ai("4314", "RTN TO SUB").query().of(&[encoded(70)]).requires(SHIPMENT),
    ai("4315", "RTN TO LOC").query().of(&[encoded(70)]).requires(SHIPMENT),
    ai("4316", "RTN TO REG").query().of(&[encoded(70)]).requires(SHIPMENT),
    ai("4317", "RTN TO COUNTRY").query().of(&[text(2).checked(&[CountryLetters])])
        .requires(SHIPMENT),
    ai("4318", "RTN TO POST").query().of(&[text_up_to(20)]).requires(SHIPMENT),
    ai("4319", "RTN TO PHONE").query().of(&[text_up_to(30)]).requires(SHIPMENT),
    ai("4320", "SRV DESCRIPTION").query().of(&[encoded(35)]).requires(SHIPMENT),
    ai("4321", "DANGEROUS GOODS").query().of(&[digits(1).checked(&[YesNo])]).requires(SHIPMENT),
    ai("4322", "AUTH TO LEAVE").query().of(&[digits(1).checked(&[YesNo])]).requires(SHIPMENT),
    ai("4323", "SIG REQUIRED").query().of(&[digits(1).checked(&[YesNo])]).requires(SHIPMENT),
    ai("4324", "NOT BEF DEL DT").query().of(&[DAY_OR_MONTH, TIME]).requires(SHIPMENT),
    ai("4325", "NOT AFT DEL DT").query().of(&[DAY_OR_MONTH, TIME]).requires(SHIPMENT),
    ai("4326", "REL DATE").query().of(&[DAY]).requires(SHIPMENT),
    ai("4330", "MAX TEMP F.").query().of(&[digits(6), text(1).checked(&[Hyphens]).optional()])
        .requires(SHIPMENT).excludes(&["4331"]),
    ai("4331", "MAX TEMP C.").query().of(&[digits(6), text(1).checked(&[Hyphens]).optional()])
        .requires(SHIPMENT).excludes(&["4330"]),
    ai("4332", "MIN TEMP F.").query().of(&[digits(6), text(1).checked(&[Hyphens]).optional()])
        .requires(SHIPMENT).excludes(&["4333"]),
    ai("4333", "MIN TEMP C.").query().of(&[digits(6), text(1).checked(&[Hyphens]).optional()])
        .requires(SHIPMENT).excludes(&["4332"]),
];
