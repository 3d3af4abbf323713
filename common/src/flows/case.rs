//! One question to the engine with its answer, as text: for asking the engine of the browser what the engine of the server
//! answered, and the other way round.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Drawing;
use super::candidates::{Directory, Duties};
use super::engine::{Effect, Input, Objection, World, apply};
use super::run::Run;
use crate::permission::Permission;

/// What the engine is asked, with everything that it looks at.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Question {
    /// The flow.
    pub drawing: Drawing,
    /// Where the document stands in it.
    pub run: Run,
    /// What happens to it.
    pub input: Input,
    /// When.
    pub now: DateTime<Utc>,
    /// The people.
    pub directory: Directory,
    /// What stands apart, and who did what.
    pub duties: Duties,
    /// The right that deciding needs.
    pub permission: Permission,
}

/// What the engine answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Where the document stands then.
    pub run: Run,
    /// What it leads to, or why not.
    pub given: Result<Vec<Effect>, Objection>,
}

impl Question {
    /// Asks the engine.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let world =
            World { now: self.now, directory: &self.directory, duties: &self.duties, permission: self.permission };
        let mut run = self.run.clone();
        let given = apply(&self.drawing, &mut run, &self.input, &world);
        Answer { run, given }
    }
}
