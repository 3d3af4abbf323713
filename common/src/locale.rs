//! The two languages of the product and texts that exist in both.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text_enum::text_enum;

text_enum! {
    /// A language of the product.
    #[derive(Default)]
    Locale {
        /// Simplified Chinese.
        #[default]
        ZhCn => "zh-CN",
        /// English.
        En => "en",
    }
}

impl Locale {
    /// The first language of an `Accept-Language` header that the product speaks; Chinese when
    /// there is none. Weights are ignored: browsers list languages in order of preference.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|range| range.split(';').next())
            .map(|tag| tag.trim().to_ascii_lowercase())
            .find_map(|tag| match tag.split('-').next() {
                Some("zh") => Some(Self::ZhCn),
                Some("en") => Some(Self::En),
                _ => None,
            })
            .unwrap_or_default()
    }
}

/// A name in both languages. One of them may be empty; the other then stands in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// Chinese name, at most 100 characters.
    #[schema(example = "钛合金棒材 Ti-6Al-4V ELI Ø6")]
    pub zh: String,
    /// English name, at most 100 characters.
    #[schema(example = "Titanium bar Ti-6Al-4V ELI Ø6")]
    pub en: String,
}

impl Name {
    /// A name of the product's own.
    #[must_use]
    pub fn new(zh: &str, en: &str) -> Self {
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }

    /// The name in a language, or in the other one when it is missing.
    #[must_use]
    pub fn in_locale(&self, locale: Locale) -> &str {
        let (first, second) = match locale {
            Locale::ZhCn => (&self.zh, &self.en),
            Locale::En => (&self.en, &self.zh),
        };
        if first.is_empty() { second } else { first }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_takes_the_first_language_we_speak() {
        assert_eq!(Locale::from_accept_language("fr, en-GB;q=0.8, zh;q=0.5"), Locale::En);
        assert_eq!(Locale::from_accept_language("zh-Hans-CN,en"), Locale::ZhCn);
        assert_eq!(Locale::from_accept_language("de"), Locale::ZhCn);
    }

    #[test]
    fn a_missing_name_is_taken_from_the_other_language() {
        let name = Name { zh: "骨螺钉".into(), en: String::new() };
        assert_eq!(name.in_locale(Locale::En), "骨螺钉");
    }
}
