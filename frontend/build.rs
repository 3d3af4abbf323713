//! Makes one table of texts from the catalogues: a line for each, with key and both languages, sorted by key. A key
//! that lacks a language stops the build.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

type Texts = BTreeMap<String, String>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=locales");
    let (chinese, english) = (read("locales/zh-CN")?, read("locales/en")?);
    for (language, has, lacks) in [("en", &chinese, &english), ("zh-CN", &english, &chinese)] {
        let missing: Vec<_> = has.keys().filter(|key| !lacks.contains_key(*key)).collect();
        if !missing.is_empty() {
            return Err(format!("the {language} catalogue lacks {missing:?}").into());
        }
    }
    let mut table = String::new();
    for (key, text) in &chinese {
        let text_in_english = english.get(key).map_or("", String::as_str);
        if [text, text_in_english].iter().any(|text| text.contains(['\n', '\t'])) {
            return Err(format!("{key} has more than one line").into());
        }
        writeln!(table, "{key}\t{text}\t{text_in_english}")?;
    }
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("texts.txt"), table)?;
    Ok(())
}

/// All texts of a language: `<file>.<key>`.
fn read(directory: &str) -> Result<Texts, Box<dyn std::error::Error>> {
    let mut texts = Texts::new();
    for entry in std::fs::read_dir(directory)? {
        let file = entry?.path();
        let Some(name) = file.file_stem().and_then(|name| name.to_str()) else { continue };
        // The words of the page of parts are in an app that has the page.
        if name == "kit" && std::env::var_os("CARGO_FEATURE_KIT").is_none() {
            continue;
        }
        let content: BTreeMap<String, String> = serde_json::from_str(&std::fs::read_to_string(&file)?)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        texts.extend(content.into_iter().map(|(key, text)| (format!("{name}.{key}"), text)));
    }
    Ok(texts)
}
