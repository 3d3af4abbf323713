//! Which application identifiers need each other and which exclude each other (General
//! Specifications 4.13 and 4.14).

use super::ai::{Definition, find, fits_pattern};
use super::element_string::Element;
use crate::scan::{ScanError, ScanErrorKind};

/// Refuses identifiers that must not stand side by side.
pub(super) fn check_exclusions(elements: &[Element]) -> Result<(), ScanError> {
    for (element, definition) in defined(elements) {
        let intruder = elements.iter().find(|other| {
            other.ai != element.ai && definition.excludes.iter().any(|pattern| fits_pattern(&other.ai, pattern))
        });
        if let Some(intruder) = intruder {
            return Err(ScanError::new(ScanErrorKind::AiExcluded, element.position)
                .of(&element.ai)
                .beside(intruder.ai.as_str()));
        }
    }
    Ok(())
}

/// Refuses an identifier without those it needs.
pub(super) fn check_requirements(elements: &[Element]) -> Result<(), ScanError> {
    for (element, definition) in defined(elements) {
        let fulfilled =
            definition.requires.is_empty() || definition.requires.iter().any(|group| is_present(group, elements));
        if !fulfilled {
            return Err(ScanError::new(ScanErrorKind::AiMissing, element.position)
                .of(&element.ai)
                .beside(definition.requires.join(", ")));
        }
    }
    Ok(())
}

fn defined(elements: &[Element]) -> impl Iterator<Item = (&Element, &'static Definition)> {
    elements.iter().filter_map(|element| find(&element.ai).map(|definition| (element, definition)))
}

fn is_present(group: &str, elements: &[Element]) -> bool {
    group.split('+').all(|pattern| elements.iter().any(|element| fits_pattern(&element.ai, pattern)))
}
