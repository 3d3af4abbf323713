//! How the table of codes is written: code, status, and words in both languages, row by row.

/// The words of a problem in one language; `{name}` stands for a figure.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// The rule.
    pub title: &'static str,
    /// The rule applied to the case.
    pub detail: &'static str,
    /// What would lift it.
    pub remedy: &'static str,
}

/// Declares the codes with everything that goes with them.
macro_rules! problem_table {
    ($($(#[$meta:meta])* $variant:ident = $text:tt, $status:literal,
        zh: $zh_title:literal / $zh_detail:literal / $zh_remedy:literal,
        en: $en_title:literal / $en_detail:literal / $en_remedy:literal;)+) => {
        text_enum! {
            /// Why a request was refused.
            ProblemCode { $($(#[$meta])* #[doc = $en_title] $variant => $text,)+ }
        }

        impl ProblemCode {
            /// HTTP status that goes with the code.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// The words in a language.
            #[must_use]
            pub const fn words(self, locale: Locale) -> Words {
                match (self, locale) {
                    $(
                        (Self::$variant, Locale::ZhCn) => Words { title: $zh_title, detail: $zh_detail, remedy: $zh_remedy },
                        (Self::$variant, Locale::En) => Words { title: $en_title, detail: $en_detail, remedy: $en_remedy },
                    )+
                }
            }
        }
    };
}

pub(super) use problem_table;
