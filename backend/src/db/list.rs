//! Reading through views: one shape for every list (filters, search, sort, keyset paging) and for
//! every single record. A view gives JSON columns, a type of `common` gives them their meaning; or a
//! type names the columns it reads, where a list is asked for most.

use chrono::NaiveDate;
use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::query_builder::BoxedSqlQuery;
use diesel::sql_types::{BigInt, Bool, Json, Nullable, Text, Uuid as SqlUuid};
use lotline_common::page::{DEFAULT_LIMIT, ListQuery, MAXIMUM_LIMIT, Page};
use lotline_common::problem::{ProblemCode, Refusal};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::cached::PreparedOnce as _;
use super::{Reader, kept};
use crate::error::{Error, Result};

/// Rows that a CSV export holds at most.
pub const MAXIMUM_EXPORT_ROWS: i64 = 100_000;

/// A list over a view.
pub struct List {
    view: &'static str,
    sorts: &'static [Sort],
    clauses: Vec<String>,
    binds: Vec<Bind>,
    under: Option<(&'static str, Uuid)>,
}

/// A column that a list can be sorted by. The expression is never null, so that keyset paging can
/// compare it.
pub struct Sort {
    /// Name in the `sort` parameter.
    pub name: &'static str,
    /// SQL expression over the view `t`.
    pub expression: &'static str,
    /// Its PostgreSQL type.
    pub sql_type: &'static str,
}

/// Shorthand for a [`Sort`].
#[must_use]
pub const fn sort(name: &'static str, expression: &'static str, sql_type: &'static str) -> Sort {
    Sort { name, expression, sql_type }
}

/// Newest first: identifiers carry the order of making.
pub const BY_ID: Sort = sort("id", "t.id", "uuid");
/// By code.
pub const BY_CODE: Sort = sort("code", "t.code", "text");
/// By document number.
pub const BY_NUMBER: Sort = sort("number", "t.number", "text");

enum Bind {
    Text(String),
    Uuid(Uuid),
    Bool(bool),
}

/// What is read of each row of a view.
pub trait Columns: QueryableByName<Pg> + 'static {
    /// What a row tells.
    type Told;
    /// What is read of it for a file.
    type InFile: Exported;

    /// The columns, of the view `t`.
    fn columns() -> String;

    /// What it tells.
    fn told(self) -> Self::Told;
}

/// What is read of each row of a view for a file.
pub trait Exported: Columns {
    /// The row of the file: an object with a field for each column.
    ///
    /// # Errors
    /// Only when it cannot be written.
    fn exported(self) -> serde_json::Result<Value>;
}

#[derive(QueryableByName)]
struct Row<C> {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    sort_key: String,
    #[diesel(embed)]
    columns: C,
}

/// What a statement tells as JSON in a column `body`.
#[derive(QueryableByName)]
pub struct Body<T: DeserializeOwned> {
    /// What it tells.
    #[diesel(sql_type = Json)]
    pub body: Told<T>,
}

impl<T: DeserializeOwned + 'static> Columns for Body<T> {
    type Told = T;
    type InFile = Body<Value>;

    fn columns() -> String {
        "to_json(t) AS body".to_owned()
    }

    fn told(self) -> T {
        self.body.0
    }
}

impl Exported for Body<Value> {
    fn exported(self) -> serde_json::Result<Value> {
        Ok(self.told())
    }
}

impl<T: DeserializeOwned> Body<T> {
    /// What each of some rows tells.
    #[must_use]
    pub fn all(rows: Vec<Self>) -> Vec<T> {
        rows.into_iter().map(|row| row.body.0).collect()
    }
}

/// JSON of the database, read at once as what it means.
#[derive(Debug)]
pub struct Told<T>(pub T);

// `json`, not `jsonb`: PostgreSQL writes the row as text at once, and does not build a tree of it first.
impl<T: DeserializeOwned> FromSql<Json, Pg> for Told<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_slice(value.as_bytes())?))
    }
}

struct Order<'a> {
    sort: &'a Sort,
    descending: bool,
}

impl List {
    /// A list over `view`. The first sort is the one used when the caller names none.
    #[must_use]
    pub fn over(view: &'static str, sorts: &'static [Sort]) -> Self {
        let clauses = vec!["t.org_id = current_org()".to_owned()];
        Self { view, sorts, clauses, binds: Vec::new(), under: None }
    }

    /// Keeps rows where a text column has this value.
    #[must_use]
    pub fn text(self, column: &str, value: Option<impl ToString>) -> Self {
        self.equal(column, value.map(|value| Bind::Text(value.to_string())))
    }

    /// Keeps rows where an identifier column has this value.
    #[must_use]
    pub fn id(self, column: &str, value: Option<impl Into<Uuid>>) -> Self {
        self.equal(column, value.map(|value| Bind::Uuid(value.into())))
    }

    /// Keeps rows where a boolean column has this value.
    #[must_use]
    pub fn flag(self, column: &str, value: Option<bool>) -> Self {
        self.equal(column, value.map(Bind::Bool))
    }

    /// Keeps rows whose time is on these calendar days, in the organisation's time zone.
    #[must_use]
    pub fn days(mut self, column: &str, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Self {
        for (day, compare, later) in [(from, ">=", 0), (to, "<", 1)] {
            let Some(day) = day else { continue };
            self.binds.push(Bind::Text(day.to_string()));
            let midnight = format!("(${}::date + {later})::timestamp AT TIME ZONE current_zone()", self.binds.len());
            self.clauses.push(format!("t.{column} {compare} ({midnight})"));
        }
        self
    }

    /// Keeps rows for which a fixed condition over `t` holds. The text comes from the program,
    /// never from a request.
    #[must_use]
    pub fn only(mut self, condition: &'static str) -> Self {
        self.clauses.push(condition.to_owned());
        self
    }

    /// Keeps rows where one of two identifier columns has this value.
    #[must_use]
    pub fn either_id(mut self, columns: [&str; 2], value: Option<impl Into<Uuid>>) -> Self {
        if let Some(value) = value {
            self.binds.push(Bind::Uuid(value.into()));
            let [first, second] = columns;
            self.clauses.push(format!("${} IN (t.{first}, t.{second})", self.binds.len()));
        }
        self
    }

    /// The list belongs to a thing of a view: where the asker sees no such thing, there is no list.
    #[must_use]
    pub fn under(mut self, view: &'static str, id: impl Into<Uuid>) -> Self {
        self.under = Some((view, id.into()));
        self
    }

    fn equal(mut self, column: &str, bind: Option<Bind>) -> Self {
        if let Some(bind) = bind {
            self.binds.push(bind);
            self.clauses.push(format!("t.{column} = ${}", self.binds.len()));
        }
        self
    }

    /// One page.
    ///
    /// # Errors
    /// `sort_unknown`, `cursor_invalid`, `field_out_of_range`.
    pub fn page<C: Columns>(self, reader: &mut Reader, query: &ListQuery) -> Result<Page<C::Told>> {
        let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAXIMUM_LIMIT).contains(&limit) {
            return Err(Refusal::new(ProblemCode::RequestMalformed)
                .with("reason", format!("limit: 1–{MAXIMUM_LIMIT}"))
                .into());
        }
        let mut rows = self.rows::<C>(reader, query, i64::from(limit) + 1)?;
        let more = rows.len() > usize::from(limit);
        rows.truncate(usize::from(limit));
        let next = rows.last().filter(|_| more).map(|row| cursor_of(query, row));
        Ok(Page { items: told(rows).collect(), next })
    }

    /// All rows, for an export.
    ///
    /// # Errors
    /// `sort_unknown`.
    pub fn export<C: Columns>(self, reader: &mut Reader, query: &ListQuery) -> Result<Vec<Value>> {
        let query = ListQuery { after: None, ..query.clone() };
        let rows = self.rows::<C::InFile>(reader, &query, MAXIMUM_EXPORT_ROWS)?;
        Ok(rows.into_iter().map(|row| row.columns.exported()).collect::<serde_json::Result<_>>()?)
    }

    /// Every row of a list that can be sorted by its identifiers, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn all<T: DeserializeOwned + 'static>(self, reader: &mut Reader) -> Result<Vec<T>> {
        let query = ListQuery { sort: Some("id".to_owned()), ..ListQuery::default() };
        Ok(told(self.rows::<Body<T>>(reader, &query, MAXIMUM_EXPORT_ROWS)?).collect())
    }

    fn rows<C: Columns>(mut self, reader: &mut Reader, query: &ListQuery, limit: i64) -> Result<Vec<Row<C>>> {
        if let Some((view, id)) = self.under {
            one::<Value>(reader, view, id)?;
        }
        let order = self.order(query)?;
        let (expression, sql_type) = (order.sort.expression, order.sort.sql_type);
        let (direction, compare) = if order.descending { ("DESC", "<") } else { ("ASC", ">") };
        for word in query.search.iter().flat_map(|text| text.split_whitespace()) {
            self.binds.push(Bind::Text(format!("%{}%", escape_like(word))));
            self.clauses.push(format!("t.search_text ILIKE ${}", self.binds.len()));
        }
        if let Some(after) = &query.after {
            let (key, id) = read_cursor(query, after)?;
            self.binds.extend([Bind::Text(key), Bind::Uuid(id)]);
            let place = self.binds.len();
            self.clauses.push(format!("({expression}, t.id) {compare} (${}::{sql_type}, ${place})", place - 1));
        }
        let statement = format!(
            "SELECT t.id, ({expression})::text AS sort_key, {} FROM {} t
             WHERE {} ORDER BY {expression} {direction}, t.id {direction} LIMIT {limit}",
            C::columns(),
            self.view,
            self.clauses.join(" AND "),
        );
        let kept = query.search.is_none() && kept::is_kept(&statement);
        let statement = bind_all(diesel::sql_query(statement).into_boxed(), self.binds).cached_if(kept);
        statement.load(reader.conn).map_err(|error| cursor_error(error, query))
    }

    fn order(&self, query: &ListQuery) -> Result<Order<'static>> {
        let (name, descending) = match query.sort.as_deref() {
            Some(text) => text.strip_prefix('-').map_or((text, false), |name| (name, true)),
            None => {
                let first = self.sorts.first().ok_or_else(|| anyhow::anyhow!("a list without a sort"))?;
                return Ok(Order { sort: first, descending: first.sql_type == "uuid" });
            }
        };
        let found = self.sorts.iter().find(|sort| sort.name == name);
        found.map(|sort| Order { sort, descending }).ok_or_else(|| {
            let columns: Vec<_> = self.sorts.iter().map(|sort| sort.name).collect();
            Refusal::new(ProblemCode::SortUnknown).with("column", name).with("columns", columns.join(", ")).into()
        })
    }
}

/// Reads one record through a view.
///
/// # Errors
/// `not_found` when there is none that the asker may see.
pub fn one<T: DeserializeOwned + 'static>(reader: &mut Reader, view: &str, id: impl Into<Uuid>) -> Result<T> {
    one_of::<Body<T>>(reader, view, id)
}

/// Reads one record through a view, by its columns.
///
/// # Errors
/// `not_found` when there is none that the asker may see.
pub fn one_of<C: Columns>(reader: &mut Reader, view: &str, id: impl Into<Uuid>) -> Result<C::Told> {
    let statement = format!("SELECT {} FROM {view} t WHERE t.org_id = current_org() AND t.id = $1", C::columns());
    let row: C = diesel::sql_query(statement).bind::<SqlUuid, _>(id.into()).cached().get_result(reader.conn)?;
    Ok(row.told())
}

fn told<C: Columns>(rows: Vec<Row<C>>) -> impl Iterator<Item = C::Told> {
    rows.into_iter().map(|row| row.columns.told())
}

fn bind_all<'a>(
    statement: BoxedSqlQuery<'a, Pg, diesel::query_builder::SqlQuery>,
    binds: Vec<Bind>,
) -> BoxedSqlQuery<'a, Pg, diesel::query_builder::SqlQuery> {
    binds.into_iter().fold(statement, |statement, bind| match bind {
        Bind::Text(text) => statement.bind::<Text, _>(text),
        Bind::Uuid(id) => statement.bind::<SqlUuid, _>(id),
        Bind::Bool(flag) => statement.bind::<Bool, _>(flag),
    })
}

fn escape_like(word: &str) -> String {
    word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// A cursor names the order it belongs to, so that it cannot be used in another one.
fn cursor_of<C>(query: &ListQuery, row: &Row<C>) -> String {
    let parts = (query.sort.as_deref().unwrap_or(""), &row.sort_key, row.id);
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&parts).unwrap_or_default())
}

fn read_cursor(query: &ListQuery, cursor: &str) -> Result<(String, Uuid)> {
    let invalid = || Error::refused(ProblemCode::CursorInvalid);
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
    let (order, key, id): (String, String, Uuid) = serde_json::from_slice(&bytes).map_err(|_| invalid())?;
    if order != query.sort.as_deref().unwrap_or("") || key.contains('\0') {
        return Err(invalid());
    }
    Ok((key, id))
}

/// A key that PostgreSQL cannot read as the column's type came from a cursor somebody made up.
fn cursor_error(error: diesel::result::Error, query: &ListQuery) -> Error {
    match error {
        diesel::result::Error::DatabaseError(..) if query.after.is_some() => Error::refused(ProblemCode::CursorInvalid),
        other => other.into(),
    }
}

/// A number that a statement gives.
#[derive(QueryableByName)]
pub struct Count {
    /// The number.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// A text that a statement gives, or none.
#[derive(QueryableByName)]
pub struct TextRow {
    /// The text.
    #[diesel(sql_type = Nullable<Text>)]
    pub text: Option<String>,
}
