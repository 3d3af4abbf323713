//! Certificates and patient-related data: 72nn.

use super::Check::{LongDate, MediaType, PositionInSequence, Sex};
use super::Definition;
use super::build::{SERVICE, TIME, WHOLE_NAME, ai, digits, encoded, range, text, text_up_to};

#[rustfmt::skip] // One line or two for each identifier reads as the table it is.
pub(super) static ROWS: &[Definition] = &[
    range("7230", "7239", "CERT #").query().of(&[text(2), text_up_to(28)])
        .requires(&["01", "8004"]),
    ai("7240", "PROTOCOL").query().of(&[text_up_to(20)]).requires(&["01", "8006"])
        .excludes(&["03"]),
    ai("7241", "AIDC MEDIA TYPE").query().of(&[digits(2).checked(&[MediaType])]).requires(SERVICE),
    ai("7242", "VCN").query().of(&[text_up_to(25)]).requires(SERVICE),
    ai("7250", "DOB").query().of(&[digits(8).checked(&[LongDate])]).requires(&["8018"])
        .excludes(&["7251"]),
    ai("7251", "DOB TIME").query().of(&[digits(8).checked(&[LongDate]), TIME]).requires(&["8018"])
        .excludes(&["7250"]),
    ai("7252", "BIO SEX").query().of(&[digits(1).checked(&[Sex])]).requires(&["8018"]),
    ai("7253", "FAMILY NAME").query().of(&[encoded(40)]).requires(SERVICE).excludes(WHOLE_NAME),
    ai("7254", "GIVEN NAME").query().of(&[encoded(40)]).requires(SERVICE).excludes(WHOLE_NAME),
    ai("7255", "SUFFIX").query().of(&[text_up_to(10)]).requires(SERVICE).excludes(WHOLE_NAME),
    ai("7256", "FULL NAME").query().of(&[encoded(90)]).requires(SERVICE),
    ai("7257", "PERSON ADDR").query().of(&[encoded(70)]).requires(&["8018"]),
    ai("7258", "BIRTH SEQUENCE").query().of(&[text(3).checked(&[PositionInSequence])])
        .requires(&["8018+7259"]),
    ai("7259", "BABY").query().of(&[encoded(40)]).requires(&["8018"]).excludes(&["7256"]),
];
