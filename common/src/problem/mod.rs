//! Problems: how a refusal is said (RFC 9457). One closed table of codes fixes the HTTP status and
//! the words in both languages; a [`Refusal`] is a code with the figures that belong into them.

mod catalogue;
pub mod clauses;
pub mod obstacles;
mod table;
pub mod words;

pub use catalogue::ProblemCode;
pub use table::Words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::locale::{Locale, Name};

/// The answer to a request that was refused: `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Identifies the kind of problem: `urn:lotline:problem:<code>`.
    #[serde(rename = "type")]
    #[schema(example = "urn:lotline:problem:stock_insufficient")]
    pub kind: String,
    /// HTTP status.
    pub status: u16,
    /// Code from the closed table.
    pub code: ProblemCode,
    /// The rule that refused, in the reader's language.
    pub title: String,
    /// The rule applied to this case, with its figures.
    pub detail: String,
    /// What would lift the refusal, and who can.
    pub remedy: String,
    /// Fields at fault, when the body was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// The figures and names in the words, for a program.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub figures: BTreeMap<String, String>,
    /// The request, as the server logged it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// What is wrong with one field of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer to the field (RFC 6901).
    #[schema(example = "/lines/0/quantity")]
    pub pointer: String,
    /// Code from the closed table.
    pub code: ProblemCode,
    /// What is wrong, in the reader's language.
    pub detail: String,
}

/// A rule said no. Carries figures, not sentences; [`Refusal::problem`] puts them into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which rule.
    pub code: ProblemCode,
    /// Figures and names for its words.
    pub figures: BTreeMap<&'static str, String>,
    /// Texts for its words that exist in both languages.
    pub texts: BTreeMap<&'static str, Name>,
    /// Fields at fault.
    pub fields: Vec<FieldRefusal>,
}

/// A rule said no to one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRefusal {
    /// JSON pointer to the field.
    pub pointer: String,
    /// The rule and its figures.
    pub refusal: Refusal,
}

impl Refusal {
    /// A refusal with no figures yet.
    #[must_use]
    pub const fn new(code: ProblemCode) -> Self {
        Self { code, figures: BTreeMap::new(), texts: BTreeMap::new(), fields: Vec::new() }
    }

    /// Adds a figure or name for the words.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.figures.insert(name, value.to_string());
        self
    }

    /// Adds a text that exists in both languages.
    #[must_use]
    pub fn with_text(mut self, name: &'static str, text: Name) -> Self {
        self.texts.insert(name, text);
        self
    }

    /// The words for it in a language. Programs find the codes among the figures as they are; people read words.
    #[must_use]
    pub fn problem(&self, locale: Locale) -> Problem {
        let said = self.in_words().problem_with(locale, ProblemCode::words);
        Problem { figures: self.figures_in(locale), ..said }
    }

    /// The same with its codes as texts.
    fn in_words(&self) -> Self {
        let mut said = self.clone();
        for (name, value) in &self.figures {
            if let Some(text) = words::said(name, value) {
                said.figures.remove(name);
                said.texts.insert(name, text);
            }
        }
        for field in &mut said.fields {
            field.refusal = field.refusal.in_words();
        }
        said
    }

    /// The same with words from elsewhere: an app that refuses for few reasons need not carry the words of all.
    #[must_use]
    pub fn problem_with(&self, locale: Locale, words_of: fn(ProblemCode, Locale) -> Words) -> Problem {
        let words = words_of(self.code, locale);
        let figures = self.figures_in(locale);
        Problem {
            kind: format!("urn:lotline:problem:{}", self.code),
            status: self.code.status(),
            code: self.code,
            title: words.title.to_owned(),
            detail: fill(words.detail, &figures),
            remedy: fill(words.remedy, &figures),
            errors: self.fields.iter().map(|field| field.problem(locale, words_of)).collect(),
            figures,
            request_id: None,
        }
    }

    fn figures_in(&self, locale: Locale) -> BTreeMap<String, String> {
        let figures = self.figures.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let texts = self.texts.iter().map(|(name, text)| ((*name).to_owned(), text.in_locale(locale).to_owned()));
        figures.chain(texts).collect()
    }
}

fn fill(template: &str, figures: &BTreeMap<String, String>) -> String {
    figures.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

impl FieldRefusal {
    fn problem(&self, locale: Locale, words_of: fn(ProblemCode, Locale) -> Words) -> FieldProblem {
        FieldProblem {
            pointer: self.pointer.clone(),
            code: self.refusal.code,
            detail: self.refusal.problem_with(locale, words_of).detail,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.code, self.problem(Locale::En).detail)
    }
}

impl std::error::Error for Refusal {}

/// Collects what is wrong with the fields of a command, so that one answer names all of them.
#[derive(Debug, Default)]
pub struct FieldCheck {
    fields: Vec<FieldRefusal>,
}

impl FieldCheck {
    /// Nothing found yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a field that a rule refuses.
    pub fn refuse(&mut self, pointer: impl Into<String>, refusal: Refusal) {
        self.fields.push(FieldRefusal { pointer: pointer.into(), refusal });
    }

    /// Notes the refusal of a check, if it is one.
    pub fn check(&mut self, pointer: impl Into<String>, result: Result<(), Refusal>) {
        if let Err(refusal) = result {
            self.refuse(pointer, refusal);
        }
    }

    /// A text that must be there and not be too long, in characters.
    pub fn required_text(&mut self, pointer: impl Into<String>, text: &str, maximum: usize) {
        let pointer = pointer.into();
        if text.trim().is_empty() {
            self.refuse(pointer, Refusal::new(ProblemCode::FieldRequired));
        } else {
            self.optional_text(pointer, text, maximum);
        }
    }

    /// A text that may be empty but not too long, in characters, and has no control characters
    /// other than line ends and tabs.
    pub fn optional_text(&mut self, pointer: impl Into<String>, text: &str, maximum: usize) {
        let length = text.chars().count();
        if length > maximum {
            let refusal = Refusal::new(ProblemCode::FieldTooLong);
            self.refuse(pointer, refusal.with("maximum", maximum).with("length", length));
        } else if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
            self.refuse(pointer, Refusal::new(ProblemCode::FieldHasControlCharacters));
        }
    }

    /// Notes a field when a condition does not hold.
    pub fn ensure(&mut self, holds: bool, pointer: impl Into<String>, code: ProblemCode) {
        if !holds {
            self.refuse(pointer, Refusal::new(code));
        }
    }

    /// Ends the check.
    ///
    /// # Errors
    /// `fields_invalid` with every field noted, when there is one.
    pub fn finish(self) -> Result<(), Refusal> {
        if self.fields.is_empty() {
            return Ok(());
        }
        let count = self.fields.len();
        let mut refusal = Refusal::new(ProblemCode::FieldsInvalid).with("count", count);
        refusal.fields = self.fields;
        Err(refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(text: &str) -> std::collections::BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| part.split('}').next()).collect()
    }

    #[test]
    fn every_code_speaks_both_languages_and_names_the_same_figures() {
        for code in ProblemCode::ALL {
            let (chinese, english) = (code.words(Locale::ZhCn), code.words(Locale::En));
            for text in [chinese.title, chinese.detail, chinese.remedy, english.title, english.detail, english.remedy] {
                assert!(!text.is_empty(), "{code} has an empty text");
            }
            assert_eq!(placeholders(chinese.detail), placeholders(english.detail), "{code}");
            assert_eq!(placeholders(chinese.remedy), placeholders(english.remedy), "{code}");
            assert!((400..=503).contains(&code.status()), "{code}");
        }
    }

    #[test]
    fn figures_are_put_into_the_words() {
        let refusal = Refusal::new(ProblemCode::FieldTooLong).with("maximum", 20).with("length", 21);
        let problem = refusal.problem(Locale::En);
        assert!(problem.detail.contains("20") && problem.detail.contains("21"), "{}", problem.detail);
        assert_eq!(problem.kind, "urn:lotline:problem:field_too_long");
    }

    #[test]
    fn a_text_of_both_languages_is_said_in_the_readers() {
        let name = Name { zh: "表格".into(), en: "a form".into() };
        let refusal = Refusal::new(ProblemCode::FieldFormat).with_text("expected", name);
        assert!(refusal.problem(Locale::En).detail.contains("a form"));
        assert_eq!(refusal.problem(Locale::ZhCn).figures["expected"], "表格");
    }

    #[test]
    fn a_code_in_the_figures_is_said_in_words() {
        let refusal = Refusal::new(ProblemCode::StateForbids).with("number", "WL-1").with("state", "in_transit");
        assert!(refusal.problem(Locale::En).detail.contains("in transit"), "{}", refusal.problem(Locale::En).detail);
        let mut check = FieldCheck::new();
        check.refuse("/lot_id", Refusal::new(ProblemCode::ReferenceUnknown).with("what", "lot_id"));
        let problem = check.finish().unwrap_err().problem(Locale::ZhCn);
        assert_eq!(problem.errors[0].detail, "引用的批次不存在或已停用。");
    }

    #[test]
    fn a_field_check_names_every_field_at_once() {
        let mut check = FieldCheck::new();
        check.required_text("/code", " ", 10);
        check.optional_text("/remark", "a\u{7}b", 10);
        let refusal = check.finish().unwrap_err();
        assert_eq!(refusal.code, ProblemCode::FieldsInvalid);
        assert_eq!(refusal.fields.len(), 2);
    }
}
