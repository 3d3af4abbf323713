//! Compares the table of application identifiers with GS1's syntax dictionary, where there is one.
#![expect(clippy::unwrap_used, reason = "a test that fails by panic says where")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use lotline_common::gs1::ai::{CharacterSet, Check, Component, Definition, definitions, find};

const DICTIONARY: &str = "../../shared/data/gs1/gs1-syntax-dictionary.txt";

/// A line of the dictionary.
#[derive(Debug)]
struct Entry {
    codes: Vec<String>,
    flags: String,
    components: Vec<String>,
    attributes: BTreeMap<String, Vec<String>>,
    title: String,
}

fn read_dictionary() -> Option<Vec<Entry>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DICTIONARY);
    let text = fs::read_to_string(path).ok()?;
    let entries = text.lines().filter(|line| line.starts_with(|character: char| character.is_ascii_digit()));
    Some(entries.map(read_entry).collect())
}

fn read_entry(line: &str) -> Entry {
    let (specification, title) = line.split_once(" # ").unwrap_or((line, ""));
    let mut words = specification.split_whitespace().peekable();
    let codes = read_codes(words.next().unwrap());
    let is_flags = |word: &&str| word.chars().all(|character| "*?".contains(character));
    let flags = words.next_if(is_flags).unwrap_or_default().to_owned();
    let (components, attributes): (Vec<&str>, Vec<&str>) =
        words.partition(|word| word.starts_with(['N', 'X', 'Y', 'Z', '[']));
    let attribute = |word: &str| {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        let separator = if name == "dlpkey" { '|' } else { ',' };
        let values = value.split(separator).filter(|value| !value.is_empty());
        (name.to_owned(), values.map(str::to_owned).collect())
    };
    Entry {
        codes,
        flags,
        components: components.into_iter().map(str::to_owned).collect(),
        attributes: attributes.into_iter().map(attribute).collect(),
        title: title.trim().to_owned(),
    }
}

fn read_codes(range: &str) -> Vec<String> {
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let width = first.len();
    let (first, last): (u32, u32) = (first.parse().unwrap(), last.parse().unwrap());
    (first..=last).map(|code| format!("{code:0width$}")).collect()
}

/// A component as the dictionary writes it.
fn written(component: &Component) -> String {
    let set = match component.set {
        CharacterSet::Digits => 'N',
        CharacterSet::Text => 'X',
        CharacterSet::UpperCase => 'Y',
        CharacterSet::Base64Url => 'Z',
    };
    let dots = if component.minimum == component.maximum { "" } else { ".." };
    let format = format!("{set}{dots}{}", component.maximum);
    let format = if component.optional { format!("[{format}]") } else { format };
    let checks = component.checks.iter().map(|check| format!(",{}", linter(*check)));
    format + &checks.collect::<String>()
}

/// The dictionary's name of a check. Both coupon formats are one to us.
fn linter(check: Check) -> &'static str {
    match check {
        Check::CheckDigit => "csum",
        Check::CheckPair => "csumalpha",
        Check::CompanyPrefix => "gcppos1",
        Check::CompanyPrefixFromSecond => "gcppos2",
        Check::HasNonDigit => "hasnondigit",
        Check::Date => "yymmdd",
        Check::DateOrMonth => "yymmd0",
        Check::LongDate => "yyyymmdd",
        Check::HourMinute => "hhmi",
        Check::Hour => "hh",
        Check::Minute => "mi",
        Check::Second => "ss",
        Check::Country => "iso3166",
        Check::CountryOrMany => "iso3166999",
        Check::CountryLetters => "iso3166alpha2",
        Check::Currency => "iso4217",
        Check::PercentEncoded => "pcenc",
        Check::YesNo => "yesno",
        Check::Hyphens => "hyphen",
        Check::Latitude => "latitude",
        Check::Longitude => "longitude",
        Check::BankAccount => "iban",
        Check::ImporterIndex => "importeridx",
        Check::PackageType => "packagetype",
        Check::MediaType => "mediatype",
        Check::PieceOfTotal => "pieceoftotal",
        Check::PositionInSequence => "posinseqslash",
        Check::NotZero => "nonzero",
        Check::NoLeadingZero => "nozeroprefix",
        Check::WindingDirection => "winding",
        Check::Sex => "iso5218",
        Check::Zero => "zero",
        Check::Coupon => "coupon",
    }
}

fn assert_same(code: &str, entry: &Entry, definition: &Definition) {
    let values = |name: &str| entry.attributes.get(name).cloned().unwrap_or_default();
    let components: Vec<String> = definition.components.iter().map(written).collect();
    let expected: Vec<String> = entry
        .components
        .iter()
        .map(|text| text.replace("couponcode", "coupon").replace("couponposoffer", "coupon"))
        .collect();
    assert_eq!(components, expected, "format of ({code})");
    assert_eq!(definition.predefined_length, entry.flags.contains('*'), "length of ({code})");
    assert_eq!(definition.query_attribute, entry.flags.contains('?'), "query of ({code})");
    assert_eq!(definition.requires, values("req"), "partners of ({code})");
    assert_eq!(definition.excludes, values("ex"), "exclusions of ({code})");
    let key = definition.digital_link_key.map(<[&str]>::to_vec);
    let expected = entry.attributes.get("dlpkey").cloned();
    assert_eq!(key.is_some(), expected.is_some(), "key of ({code})");
    assert_eq!(key.unwrap_or_default(), expected.unwrap_or_default(), "qualifiers of ({code})");
    assert!(entry.title.starts_with(definition.title), "title of ({code}): {}", entry.title);
    let known = ["req", "ex", "dlpkey"];
    assert!(entry.attributes.keys().all(|name| known.contains(&name.as_str())), "{entry:?}");
}

#[test]
fn the_table_says_what_the_syntax_dictionary_says() {
    let Some(entries) = read_dictionary() else {
        println!("skipped: no syntax dictionary at {DICTIONARY}");
        return;
    };
    let mut codes = 0;
    for entry in &entries {
        for code in &entry.codes {
            let definition = find(code).unwrap_or_else(|| panic!("({code}) is missing"));
            assert_same(code, entry, definition);
            codes += 1;
        }
    }
    let ours: usize = definitions()
        .map(|definition| {
            let number = |code: &str| code.parse::<usize>().unwrap();
            number(definition.last) - number(definition.first) + 1
        })
        .sum();
    assert_eq!(ours, codes, "the table holds identifiers that the dictionary does not");
    println!("compared {codes} application identifiers");
}
