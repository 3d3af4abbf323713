//! Lists: one page at a time, continued by an opaque cursor.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::text_enum::text_enum;

/// Rows a page holds when the caller names no limit.
pub const DEFAULT_LIMIT: u16 = 50;
/// Rows a page can hold at most.
pub const MAXIMUM_LIMIT: u16 = 500;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Pass it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

text_enum! {
    /// How a list is answered.
    #[derive(Default)]
    ListFormat {
        /// One page as JSON.
        #[default]
        Json => "json",
        /// All rows that the filters let through, at most 100,000, as CSV.
        Csv => "csv",
    }
}

/// What every list understands beside its own filters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Rows to answer, 1 to 500; 50 when absent.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u16>,
    /// Cursor from the page before.
    #[param(max_length = 1000)]
    pub after: Option<String>,
    /// Column to sort by, with `-` before it to turn the order round. Each list names its own.
    #[param(max_length = 40)]
    pub sort: Option<String>,
    /// Words to find in the columns that the list searches.
    #[param(max_length = 100)]
    pub search: Option<String>,
    /// `json` (one page) or `csv` (all rows).
    #[param(inline)]
    pub format: Option<ListFormat>,
}
