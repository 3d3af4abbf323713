//! The rules of the house that no compiler keeps.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lotline_common::problem::ProblemCode;
use proc_macro2::Span;
use serde_json::Value;
use syn::spanned::Spanned as _;
use syn::visit::Visit;

/// Folders that hold nothing written by hand.
const NOT_OURS: &[&str] = &[".git", "dist", "node_modules", "target", "test-results", "playwright-report"];
/// Lines of a file.
const FILE_LINES: usize = 500;
/// Lines of a file of tests.
const TEST_FILE_LINES: usize = 800;
/// Lines of a function.
const FUNCTION_LINES: usize = 70;
/// Lines of a component of the app, with its view.
const COMPONENT_LINES: usize = 120;
/// Lines of the body of a handler.
const HANDLER_LINES: usize = 20;
/// Parameters of a function.
const PARAMETERS: usize = 4;

/// A file of the repository.
struct File {
    /// Path from the root.
    path: String,
    text: String,
}

impl File {
    fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.starts_with("e2e/")
    }

    fn syntax(&self) -> syn::File {
        syn::parse_file(&self.text).unwrap_or_else(|error| panic!("{}: {error}", self.path))
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file whose name ends with one of the endings.
fn files(endings: &[&str]) -> Vec<File> {
    let (mut found, mut folders) = (Vec::new(), vec![root()]);
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && !NOT_OURS.contains(&name) {
                folders.push(path);
            } else if path.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
                let relative = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                found.push(File { path: relative, text: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn rust_files() -> Vec<File> {
    files(&[".rs"]).into_iter().filter(|file| file.path != "backend/src/schema.rs").collect()
}

#[track_caller]
fn assert_none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

#[test]
fn files_are_short() {
    let long = files(&[".rs", ".ts", ".css"]).into_iter().filter(|file| file.path != "backend/src/schema.rs");
    let long = long.filter_map(|file| {
        let (lines, allowed) = (file.text.lines().count(), if file.is_test() { TEST_FILE_LINES } else { FILE_LINES });
        (lines > allowed).then(|| format!("{}: {lines} of {allowed} lines", file.path))
    });
    assert_none(&long.collect::<Vec<_>>(), "split these files");
}

#[test]
fn no_merge_is_left_half_done() {
    let endings =
        [".rs", ".ts", ".mjs", ".css", ".html", ".sql", ".json", ".toml", ".lock", ".md", ".txt", ".yml", "Makefile"];
    let half = files(&endings).into_iter().filter(|file| {
        let mut lines = file.text.lines();
        lines.any(|line| ["<<<<<<< ", ">>>>>>> ", "||||||| "].iter().any(|mark| line.starts_with(mark)))
    });
    assert_none(&half.map(|file| file.path).collect::<Vec<_>>(), "finish these merges");
}

/// What is measured of every function of a file.
#[derive(Default)]
struct Functions {
    found: Vec<Function>,
}

struct Function {
    name: String,
    lines: usize,
    body_lines: usize,
    parameters: usize,
    attributes: Vec<String>,
}

impl Functions {
    fn of(file: &File) -> Vec<Function> {
        let mut functions = Self::default();
        functions.visit_file(&file.syntax());
        functions.found
    }

    fn add(&mut self, (signature, attributes): (&syn::Signature, &[syn::Attribute]), body: &syn::Block) {
        let last =
            |attribute: &syn::Attribute| attribute.path().segments.last().map(|segment| segment.ident.to_string());
        self.found.push(Function {
            name: signature.ident.to_string(),
            lines: lines(signature.span()) + lines(body.span()) - 1,
            body_lines: lines(body.span()).saturating_sub(2),
            parameters: signature.inputs.len(),
            attributes: attributes.iter().filter_map(last).collect(),
        });
    }
}

fn lines(span: Span) -> usize {
    span.end().line - span.start().line + 1
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add((&function.sig, &function.attrs), &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add((&function.sig, &function.attrs), &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }
}

impl Function {
    fn has(&self, attributes: &[&str]) -> bool {
        self.attributes.iter().any(|attribute| attributes.contains(&attribute.as_str()))
    }

    /// What is too large about it.
    fn excess(&self) -> Vec<String> {
        let component = self.has(&["component"]);
        let allowed = if component { COMPONENT_LINES } else { FUNCTION_LINES };
        let handler = self.has(&["get", "post", "put", "delete"]);
        let mut excess = Vec::new();
        if self.lines > allowed {
            excess.push(format!("{} of {allowed} lines", self.lines));
        }
        if handler && self.body_lines > HANDLER_LINES {
            excess.push(format!("{} of {HANDLER_LINES} lines of a handler", self.body_lines));
        }
        if !component && self.parameters > PARAMETERS {
            excess.push(format!("{} of {PARAMETERS} parameters", self.parameters));
        }
        excess
    }
}

#[test]
fn functions_are_short_and_take_little() {
    let large = rust_files().into_iter().flat_map(|file| {
        let functions = Functions::of(&file).into_iter();
        functions.flat_map(move |function| {
            let told = format!("{} {}", file.path, function.name);
            function.excess().into_iter().map(move |excess| format!("{told}: {excess}"))
        })
    });
    assert_none(&large.collect::<Vec<_>>(), "make these functions smaller");
}

/// Lines of the server that match, outside the capability that may have them.
fn trespasses(is_trespass: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let server = rust_files().into_iter().filter(|file| file.path.starts_with("backend/src/"));
    let found = server.flat_map(|file| {
        let capability = file.path.split('/').nth(2).unwrap_or_default().to_owned();
        let lines: Vec<_> =
            file.text.lines().filter(|line| is_trespass(&capability, line)).map(str::to_owned).collect();
        lines.into_iter().map(move |line| format!("{}: {}", file.path, line.trim()))
    });
    found.collect()
}

/// Whether a line writes a table, in Diesel's words or in SQL's.
fn writes(line: &str, table: &str) -> bool {
    ["insert_into(", "update(", "delete(", "INSERT INTO ", "UPDATE ", "DELETE FROM "]
        .iter()
        .flat_map(|verb| line.split(*verb).skip(1))
        .any(|rest| rest.trim_start_matches("schema::").starts_with(table))
}

#[test]
fn a_capability_reaches_another_ones_rows_only_through_its_services() {
    let found = trespasses(|capability, line| {
        line.split("crate::").skip(1).any(|rest| {
            let mut parts = rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            let owner = parts.next().unwrap_or_default();
            owner != capability && owner != "infra" && rest[owner.len()..].starts_with("::store")
        })
    });
    assert_none(&found, "these reach into another capability's store");
}

#[test]
fn only_the_ledger_writes_stock_and_only_audit_writes_the_record() {
    let tables = [
        ("stock_", "ledger"),
        ("reservation", "ledger"),
        ("lot::", "ledger"),
        ("scan::", "ledger"),
        ("audit_event", "audit"),
        ("personal_datum", "audit"),
    ];
    let found =
        trespasses(|capability, line| tables.iter().any(|(table, owner)| capability != *owner && writes(line, table)));
    assert_none(&found, "these write what another capability owns");
}

/// Every key of a catalogue, with the names in braces that its text has.
fn keys(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = format!("frontend/locales/{language}/");
    let catalogues = files(&[".json"]).into_iter().filter(|file| file.path.starts_with(&folder));
    let mut found = BTreeMap::new();
    for file in catalogues {
        let catalogue: Value = serde_json::from_str(&file.text).unwrap();
        for (key, text) in catalogue.as_object().unwrap() {
            let text = text.as_str().unwrap_or_else(|| panic!("{}: {key} is no text", file.path));
            assert!(!text.trim().is_empty(), "{}: {key} is empty", file.path);
            let figures =
                text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned());
            found.insert(format!("{} {key}", file.path.trim_start_matches(&folder)), figures.collect());
        }
    }
    found
}

#[test]
fn both_languages_say_the_same_things() {
    let (chinese, english) = (keys("zh-CN"), keys("en"));
    assert!(!chinese.is_empty());
    let differs = |key: &&String| chinese.get(*key) != english.get(*key);
    let all: BTreeSet<_> = chinese.keys().chain(english.keys()).collect();
    let differing: Vec<_> = all.iter().filter(|key| differs(key)).map(ToString::to_string).collect();
    assert_none(&differing, "these keys are in one language only, or name other figures");
}

#[test]
fn every_problem_is_provoked_by_a_test() {
    let tests: String = rust_files()
        .iter()
        .map(|file| {
            if file.is_test() {
                &file.text
            } else {
                file.text.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests)
            }
        })
        .collect();
    let is_named = |code: &ProblemCode| {
        let variant = format!("{code:?}");
        tests.match_indices(&variant).any(|(at, _)| {
            tests[..at].ends_with("ProblemCode::") && !tests[at + variant.len()..].starts_with(char::is_alphanumeric)
        })
    };
    let missing: Vec<_> = ProblemCode::ALL.iter().filter(|code| !is_named(code)).map(ToString::to_string).collect();
    assert_none(&missing, "no test provokes these problems as `ProblemCode::…`");
}

#[test]
fn nothing_is_left_to_be_done_and_nothing_tells_of_one_machine() {
    // Written apart, so that this file does not name what it forbids.
    let forbidden = ["todo!(", "unimplemented!(", "FIXME", "XXX:", "/wo rk/", "/ro ot/", "/home/us er", "local host:"];
    let forbidden = forbidden.map(|word| word.replace(' ', ""));
    let texts = files(&[".rs", ".ts", ".css", ".html", ".json", ".sql", ".md", ".toml", ".sh", "Makefile"]);
    let found = texts.iter().filter(|file| file.path != "backend/tests/tidy.rs").flat_map(|file| {
        let words = forbidden.iter().filter(|word| file.text.contains(word.as_str()));
        words.map(|word| format!("{}: {word}", file.path))
    });
    assert_none(&found.collect::<Vec<_>>(), "take these out");
}
