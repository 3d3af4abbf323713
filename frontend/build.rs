//! Makes one table of texts from the catalogues. A key that lacks a language stops the build.

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
    let mut table = String::from("pub static TEXTS: &[(&str, &str, &str)] = &[\n");
    for (key, text) in &chinese {
        writeln!(table, "    ({key:?}, {text:?}, {:?}),", english.get(key).map_or("", String::as_str))?;
    }
    table.push_str("];\n");
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("texts.rs"), table)?;
    Ok(())
}

/// All texts of a language: `<file>.<key>`.
fn read(directory: &str) -> Result<Texts, Box<dyn std::error::Error>> {
    let mut texts = Texts::new();
    for entry in std::fs::read_dir(directory)? {
        let file = entry?.path();
        let Some(name) = file.file_stem().and_then(|name| name.to_str()) else { continue };
        let content: BTreeMap<String, String> = serde_json::from_str(&std::fs::read_to_string(&file)?)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        texts.extend(content.into_iter().map(|(key, text)| (format!("{name}.{key}"), text)));
    }
    Ok(texts)
}
