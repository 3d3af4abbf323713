//! Trying something out.

use diesel::connection::SimpleConnection as _;

use super::Tx;
use crate::error::Result;

impl Tx<'_> {
    /// Does something only to see what comes of it: whatever it wrote is undone, and nobody is told.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn tried<T>(&mut self, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let told = self.events.len();
        self.conn.batch_execute("SAVEPOINT trial")?;
        let seen = work(self)?;
        self.events.truncate(told);
        self.conn.batch_execute("ROLLBACK TO SAVEPOINT trial; RELEASE SAVEPOINT trial")?;
        Ok(seen)
    }
}
