//! Statements that each connection prepares once.

use diesel::deserialize;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::row::NamedRow;
use diesel::sql_types::Untyped;

/// Rows in one statement up to which it is worth keeping.
const FEW: usize = 16;

/// A statement whose text is the same each time. Diesel cannot know that of a text of SQL, or of rows to insert, and has
/// PostgreSQL parse and plan it anew, which through the walls of row-level security takes longer than running it.
#[derive(Debug, Clone)]
pub struct Cached<Q> {
    statement: Q,
    kept: bool,
}

/// For statements of a fixed text: every text that is ever kept stays prepared on every connection.
pub trait PreparedOnce: Sized {
    /// Prepares it once.
    fn cached(self) -> Cached<Self> {
        Cached { statement: self, kept: true }
    }

    /// Prepares it once for each number of rows, unless there are many.
    fn cached_for(self, rows: usize) -> Cached<Self> {
        self.cached_if(rows <= FEW)
    }

    /// Prepares it once where that is worth it.
    fn cached_if(self, kept: bool) -> Cached<Self> {
        Cached { statement: self, kept }
    }
}

impl<Q: QueryFragment<Pg>> PreparedOnce for Q {}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Cached<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.statement.walk_ast(out)
    }

    // Diesel finds a kept statement by its text and the types of its values.
    fn is_safe_to_cache_prepared(&self, backend: &Pg) -> QueryResult<bool> {
        if self.kept { Ok(true) } else { self.statement.is_safe_to_cache_prepared(backend) }
    }
}

impl<Q> QueryId for Cached<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Cached<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, Connection> RunQueryDsl<Connection> for Cached<Q> {}

/// A row that nobody reads.
struct Unread;

impl QueryableByName<Pg> for Unread {
    fn build<'a>(_: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        Ok(Self)
    }
}

impl<Q: Query<SqlType = Untyped> + QueryFragment<Pg>> Cached<Q> {
    /// Runs a text of SQL that answers nothing. Diesel's `execute` keeps no statement that it is not sure of; what keeps one
    /// is `load`, so a written row is told back where Diesel makes the statement.
    ///
    /// # Errors
    /// Those of the database.
    pub fn run(self, connection: &mut PgConnection) -> QueryResult<()> {
        self.load::<Unread>(connection).map(drop)
    }
}
