//! Why a scan was refused: a closed list, each entry with a name for programs and words for people.

use std::fmt;

use crate::locale::Locale;
use crate::text_enum::text_enum;

macro_rules! scan_error_table {
    ($($variant:ident = $text:literal, zh: $zh:literal, en: $en:literal;)+) => {
        text_enum! {
            /// Why a scan was refused.
            ScanErrorKind { $(#[doc = $en] $variant => $text,)+ }
        }

        impl ScanErrorKind {
            /// Key of its text in a catalogue.
            #[must_use]
            pub const fn text_key(self) -> &'static str {
                match self { $(Self::$variant => concat!("scan_error.", $text),)+ }
            }

            /// Its words in a language; `{position}`, `{ai}` and `{partner}` stand for figures.
            #[must_use]
            pub const fn words(self, locale: Locale) -> &'static str {
                match (self, locale) {
                    $(
                        (Self::$variant, Locale::ZhCn) => $zh,
                        (Self::$variant, Locale::En) => $en,
                    )+
                }
            }
        }
    };
}

scan_error_table! {
    ScanEmpty = "scan_empty",
        zh: "扫描内容为空",
        en: "the scan is empty";
    ScanTooLong = "scan_too_long",
        zh: "扫描内容过长",
        en: "the scan is too long";
    SymbologyMissing = "symbology_missing",
        zh: "缺少码制标识符（如 ]C1、]d2），请在扫描枪设置中启用",
        en: "the symbology identifier (such as ]C1 or ]d2) is missing; switch it on in the scanner";
    SymbologyUnsupported = "symbology_unsupported",
        zh: "不支持此码制标识符",
        en: "this symbology identifier is not supported";
    CaretInData = "caret_in_data",
        zh: "第 {position} 个字符“^”不允许出现在 GS1 数据中",
        en: "character {position}, a ^, is not allowed in GS1 data";
    CharacterInvalid = "character_invalid",
        zh: "第 {position} 个字符不允许出现在此处",
        en: "character {position} is not allowed there";
    AiUnknown = "ai_unknown",
        zh: "第 {position} 个字符处不是 GS1 已分配的应用标识符",
        en: "no application identifier that GS1 has assigned begins at character {position}";
    BracketsMalformed = "brackets_malformed",
        zh: "第 {position} 个字符处括号不完整，应写作 (01)…(10)…",
        en: "the brackets at character {position} are incomplete; write (01)…(10)…";
    ValueEmpty = "value_empty",
        zh: "应用标识符 ({ai}) 没有值",
        en: "({ai}) has no value";
    ValueTooShort = "value_too_short",
        zh: "应用标识符 ({ai}) 的值过短",
        en: "the value of ({ai}) is too short";
    ValueTooLong = "value_too_long",
        zh: "应用标识符 ({ai}) 的值过长，可能丢失了分隔符",
        en: "the value of ({ai}) is too long; a separator may be lost";
    SeparatorUnexpected = "separator_unexpected",
        zh: "第 {position} 个字符处多了一个分隔符",
        en: "there is a separator too many at character {position}";
    SeparatorLost = "separator_lost",
        zh: "应用标识符 ({ai}) 的值在第 {position} 个字符处似乎丢失了分隔符，无法判断其结尾",
        en: "a separator seems lost at character {position}: where ({ai}) ends cannot be told";
    TooManyElements = "too_many_elements",
        zh: "应用标识符过多",
        en: "there are too many application identifiers";
    CheckDigitWrong = "check_digit_wrong",
        zh: "应用标识符 ({ai}) 的校验位错误",
        en: "the check digit of ({ai}) is wrong";
    CheckPairWrong = "check_pair_wrong",
        zh: "应用标识符 ({ai}) 的校验字符错误",
        en: "the check characters of ({ai}) are wrong";
    CompanyPrefixInvalid = "company_prefix_invalid",
        zh: "应用标识符 ({ai}) 的值不以厂商识别代码开头",
        en: "the value of ({ai}) does not begin with a company prefix";
    DateInvalid = "date_invalid",
        zh: "第 {position} 个字符处的日期不存在",
        en: "there is no such date as at character {position}";
    DateDayMissing = "date_day_missing",
        zh: "应用标识符 ({ai}) 的日期没有日；医疗器械标签必须写明日",
        en: "the date of ({ai}) has no day; a label of a medical device states it";
    DateOutsideWindow = "date_outside_window",
        zh: "应用标识符 ({ai}) 的日期无法用两位年份表示",
        en: "the date of ({ai}) cannot be told from its two-digit year";
    TimeInvalid = "time_invalid",
        zh: "应用标识符 ({ai}) 的时间不存在",
        en: "there is no such time as that of ({ai})";
    CountryUnknown = "country_unknown",
        zh: "应用标识符 ({ai}) 的国家代码不存在",
        en: "the country code of ({ai}) does not exist";
    CurrencyUnknown = "currency_unknown",
        zh: "应用标识符 ({ai}) 的货币代码不存在",
        en: "the currency code of ({ai}) does not exist";
    CodeUnknown = "code_unknown",
        zh: "应用标识符 ({ai}) 的值不在代码表中",
        en: "the value of ({ai}) is not in its code list";
    NumberOutOfRange = "number_out_of_range",
        zh: "应用标识符 ({ai}) 的数值超出范围",
        en: "the number of ({ai}) is out of range";
    FormatInvalid = "format_invalid",
        zh: "应用标识符 ({ai}) 的值格式错误",
        en: "the value of ({ai}) does not follow its format";
    RepeatedValueDiffers = "repeated_value_differs",
        zh: "({ai}) 出现多次且值不同",
        en: "({ai}) appears more than once, with different values";
    AiExcluded = "ai_excluded",
        zh: "应用标识符 ({ai}) 不能与 ({partner}) 同时使用",
        en: "({ai}) must not stand beside ({partner})";
    AiMissing = "ai_missing",
        zh: "应用标识符 ({ai}) 须与 ({partner}) 之一同时使用",
        en: "({ai}) must stand beside one of ({partner})";
    HibcMalformed = "hibc_malformed",
        zh: "第 {position} 个字符处不符合 HIBC 格式",
        en: "the code does not follow the HIBC format at character {position}";
    HibcCheckWrong = "hibc_check_wrong",
        zh: "HIBC 校验字符错误",
        en: "the HIBC check character is wrong";
    HibcLinkWrong = "hibc_link_wrong",
        zh: "HIBC 第二段与此产品的第一段不匹配",
        en: "the secondary HIBC code does not belong to this primary code";
}

/// A scan that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanError {
    /// Why.
    pub kind: ScanErrorKind,
    /// Where: characters from the beginning of what was scanned, from 0.
    pub position: usize,
    /// Application identifier, or name of the HIBC field, that is at fault.
    pub ai: Option<String>,
    /// Identifiers that should be or must not be beside it.
    pub partner: Option<String>,
}

impl ScanError {
    /// An error at a position.
    #[must_use]
    pub const fn new(kind: ScanErrorKind, position: usize) -> Self {
        Self { kind, position, ai: None, partner: None }
    }

    /// Names the identifier at fault.
    #[must_use]
    pub fn of(mut self, ai: &str) -> Self {
        self.ai = Some(ai.to_owned());
        self
    }

    /// Names the identifiers it is or is not to stand beside.
    #[must_use]
    pub fn beside(mut self, partner: impl Into<String>) -> Self {
        self.partner = Some(partner.into());
        self
    }

    /// The refusal in words, without a full stop. Positions count from 1 here.
    #[must_use]
    pub fn words(&self, locale: Locale) -> String {
        self.kind
            .words(locale)
            .replace("{position}", &self.position.saturating_add(1).to_string())
            .replace("{ai}", self.ai.as_deref().unwrap_or_default())
            .replace("{partner}", self.partner.as_deref().unwrap_or_default())
    }
}

impl fmt::Display for ScanError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.words(Locale::En))
    }
}

impl std::error::Error for ScanError {}
