//! Lists as CSV (RFC 4180).

use serde_json::Value;

/// Columns that a list carries for searching and paging, not for reading.
const INTERNAL: &[&str] = &["org_id", "search_text", "version"];

/// Rows as CSV with a byte-order mark; the columns are those of the first row. A reference is
/// written as its code, or its name where it has none.
///
/// # Errors
/// Only when a row cannot be written.
pub fn write(rows: &[Value]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    let columns: Vec<&String> =
        rows.first().and_then(Value::as_object).into_iter().flat_map(|row| row.keys()).collect();
    let columns: Vec<&String> = columns.into_iter().filter(|name| is_shown(name)).collect();
    if !columns.is_empty() {
        writer.write_record(&columns)?;
    }
    for row in rows {
        writer.write_record(columns.iter().map(|name| cell(row.get(name.as_str()).unwrap_or(&Value::Null))))?;
    }
    writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
}

fn is_shown(name: &str) -> bool {
    !INTERNAL.contains(&name) && !name.ends_with("_id") && !name.ends_with("_order") && name != "id"
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => harmless(text),
        Value::Object(object) => ["code", "number", "display_name", "zh"]
            .iter()
            .find_map(|key| object.get(*key).and_then(Value::as_str))
            .map(harmless)
            .unwrap_or_default(),
        other => other.to_string(),
    }
}

/// A spreadsheet runs a cell that begins like a formula; an apostrophe keeps it text. Numbers stay.
fn harmless(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula && text.parse::<rust_decimal::Decimal>().is_err() { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_are_written_as_codes_and_formulas_as_text() {
        let rows = [
            json!({ "id": "x", "code": "=cmd|' /C calc'!A0", "unit": { "code": "kg" }, "change": "-5", "version": 1 }),
        ];
        let text = String::from_utf8(write(&rows).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}change,code,unit\n-5,'=cmd|' /C calc'!A0,kg\n");
    }
}
