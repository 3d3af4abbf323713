//! GS1: application identifiers, element strings as scanners send them and people type them, and
//! the text of labels. Pure rules; the day of capture is always a parameter.

pub mod ai;
mod associations;
mod brackets;
mod check;
pub mod check_digit;
mod code_lists;
pub mod element_string;
mod separated;
pub mod write;

pub(crate) use brackets::is_bracketed;
pub use brackets::parse_brackets;
pub use element_string::{Element, ElementString, NetWeight, WeightUnit};
pub use separated::{SEPARATOR, parse_separated, refuse_lost_separator};
pub use write::{Label, LabelBuilder};
