//! Identifiers for systems, further keys and internal use: 80nn to 99.

use super::Check::{
    BankAccount, CheckPair, CompanyPrefix, Coupon, HasNonDigit, Hour, Minute, NoLeadingZero, NotZero, Second,
    WindingDirection, Zero,
};
use super::Definition;
use super::build::{
    DAY, GTIN, GTIN_KEY, LOCATION_KEY, PIECE, PIECE_OF_TOTAL, SERVICE, SERVICE_KEY, TRADE, ai, base64url_up_to, digits,
    digits_up_to, range, text_up_to, upper_up_to,
};

#[rustfmt::skip] // One line or two for each identifier reads as the table it is.
pub(super) static ROWS: &[Definition] = &[
    ai("8001", "DIMENSIONS").query()
        .of(&[
            digits(4).checked(&[NotZero]), digits(5).checked(&[NotZero]),
            digits(3).checked(&[NotZero]), digits(1).checked(&[WindingDirection]), digits(1),
        ])
        .requires(&["01"]),
    ai("8002", "CMT No.").query().of(&[text_up_to(20)]),
    ai("8003", "GRAI").query()
        .of(&[digits(1).checked(&[Zero]), LOCATION_KEY, text_up_to(16).optional()]).key(&[]),
    ai("8004", "GIAI").query().of(&[text_up_to(30).checked(&[CompanyPrefix])]).key(&["7040"]),
    ai("8005", "PRICE PER UNIT").query().of(&[digits(6)]).requires(TRADE),
    ai("8006", "ITIP").query().of(&[GTIN_KEY, PIECE_OF_TOTAL]).excludes(&["01", "03", "37"])
        .key(&["22,10,21"]),
    ai("8007", "IBAN").query().of(&[text_up_to(34).checked(&[BankAccount])]).requires(&["415"]),
    ai("8008", "PROD TIME").query()
        .of(&[
            DAY, digits(2).checked(&[Hour]),
            digits(2).checked(&[Minute]).optional(), digits(2).checked(&[Second]).optional(),
        ])
        .requires(GTIN),
    ai("8009", "OPTSEN").query().of(&[text_up_to(50)]).requires(&["00", "01", "03"]),
    ai("8010", "CPID").query().of(&[upper_up_to(30).checked(&[CompanyPrefix])]).key(&["8011"]),
    ai("8011", "CPID SERIAL").of(&[digits_up_to(12).checked(&[NoLeadingZero])]).requires(&["8010"]),
    ai("8012", "VERSION").query().of(&[text_up_to(20)]).requires(PIECE),
    ai("8013", "GMN").query().of(&[text_up_to(25).checked(&[CheckPair, CompanyPrefix])]).key(&[]),
    ai("8014", "MUDI").of(&[text_up_to(25).checked(&[CheckPair, CompanyPrefix, HasNonDigit])])
        .requires(&["01"]),
    ai("8017", "GSRN - PROVIDER").query().of(&[SERVICE_KEY]).excludes(&["8018"]).key(&["8019"]),
    ai("8018", "GSRN - RECIPIENT").query().of(&[SERVICE_KEY]).excludes(&["8017"]).key(&["8019"]),
    ai("8019", "SRIN").of(&[digits_up_to(10)]).requires(SERVICE),
    ai("8020", "REF No.").of(&[text_up_to(25)]).requires(&["415"]),
    ai("8026", "ITIP CONTENT").query().of(&[GTIN_KEY, PIECE_OF_TOTAL]).requires(&["37"])
        .excludes(&["02", "03", "8006"]),
    ai("8030", "DIGSIG").query().of(&[base64url_up_to(90)])
        .requires(&[
            "00", "01+21", "03+21", "253", "255", "8003", "8004", "8006+21", "8010+8011", "8017",
            "8018",
        ]),
    ai("8040", "IMEI").of(&[digits(15)]).requires(&["01+21"]),
    ai("8041", "IMEI2").of(&[digits(15)]).requires(&["01+21+8040"]),
    ai("8042", "ESIM").of(&[digits(32)]).requires(&["01+21+8040"]),
    ai("8043", "PSIM").of(&[digits(18), digits_up_to(2).optional()]).requires(&["01+21+8040"]),
    ai("8110", "").query().of(&[text_up_to(70).checked(&[Coupon])]),
    ai("8111", "POINTS").query().of(&[digits(4)]).requires(&["255"]),
    ai("8112", "").query().of(&[text_up_to(70).checked(&[Coupon])]),
    ai("8200", "PRODUCT URL").of(&[text_up_to(70)]).requires(&["01"]),
    ai("90", "INTERNAL").query().of(&[text_up_to(30)]),
    range("91", "99", "INTERNAL").query().of(&[text_up_to(90)]),
];
