//! Serial numbers of one line: named one by one, or as a run (序列号).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::{ProblemCode, Refusal};

/// Whether a text can be a lot or serial number, as GS1 AI (10) and (21) allow it: 1 to 20 printable characters without
/// space.
#[must_use]
pub fn is_lot_code(code: &str) -> bool {
    (1..=20).contains(&code.len()) && code.chars().all(|letter| letter.is_ascii_graphic())
}

/// Serial numbers that a document has at most.
pub const MAXIMUM_SERIALS: usize = 2_000;

/// Serial numbers of one line: a list, or a run; each is one piece.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Serials {
    /// Each serial number.
    #[serde(default)]
    #[schema(example = json!(["SN-2611-0001", "SN-2611-0007"]))]
    pub list: Vec<String>,
    /// All numbers from one to another.
    #[serde(default)]
    pub run: Option<SerialRun>,
}

/// All serial numbers from one to another: a prefix, and a figure that keeps its leading zeros.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SerialRun {
    /// What they begin with.
    #[serde(default)]
    #[schema(example = "SN-2611-", max_length = 19)]
    pub prefix: String,
    /// First figure.
    #[schema(example = "0001", max_length = 18)]
    pub first: String,
    /// Last figure.
    #[schema(example = "0200", max_length = 18)]
    pub last: String,
}

impl Serials {
    /// Each serial number, in order.
    ///
    /// # Errors
    /// The field at fault: `field_required` for neither a list nor a run, `field_not_allowed` for both, `field_format`
    /// for a figure that is none, `field_out_of_range` for a run that goes back or is too long.
    pub fn expand(&self) -> Result<Vec<String>, (&'static str, Refusal)> {
        match &self.run {
            None if self.list.is_empty() => Err(("list", Refusal::new(ProblemCode::FieldRequired))),
            None if self.list.len() > MAXIMUM_SERIALS => Err(("list", too_long())),
            None => Ok(self.list.clone()),
            Some(_) if !self.list.is_empty() => Err(("list", Refusal::new(ProblemCode::FieldNotAllowed))),
            Some(run) => run.expand(),
        }
    }
}

fn too_long() -> Refusal {
    Refusal::new(ProblemCode::FieldOutOfRange).with("minimum", 1).with("maximum", MAXIMUM_SERIALS)
}

impl SerialRun {
    fn expand(&self) -> Result<Vec<String>, (&'static str, Refusal)> {
        let (first, last) = (figure(&self.first, "run/first")?, figure(&self.last, "run/last")?);
        let length = last.checked_sub(first).and_then(|length| usize::try_from(length).ok());
        if length.is_none_or(|length| length >= MAXIMUM_SERIALS) {
            return Err(("run/last", too_long()));
        }
        let width = self.first.trim().len();
        Ok((first..=last).map(|figure| format!("{}{figure:0width$}", self.prefix.trim())).collect())
    }
}

fn figure(text: &str, field: &'static str) -> Result<u64, (&'static str, Refusal)> {
    let text = text.trim();
    let plain = !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_digit());
    let fault = || (field, Refusal::new(ProblemCode::FieldFormat).with("expected", "0001").with("given", text));
    text.parse().ok().filter(|_| plain).ok_or_else(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(prefix: &str, first: &str, last: &str) -> Serials {
        let run = SerialRun { prefix: prefix.into(), first: first.into(), last: last.into() };
        Serials { list: Vec::new(), run: Some(run) }
    }

    #[test]
    fn a_run_keeps_its_leading_zeros() {
        let all = run("SN-", "0098", "0101").expand().unwrap();
        assert_eq!(all, ["SN-0098", "SN-0099", "SN-0100", "SN-0101"]);
        assert_eq!(run("", "7", "7").expand().unwrap(), ["7"]);
        assert_eq!(run("A", "99", "100").expand().unwrap(), ["A99", "A100"]);
    }

    #[test]
    fn what_is_no_run_is_said_where_it_stands() {
        let fault = |serials: Serials| serials.expand().map_err(|(field, refusal)| (field, refusal.code)).unwrap_err();
        assert_eq!(fault(Serials::default()), ("list", ProblemCode::FieldRequired));
        assert_eq!(fault(run("SN-", "x1", "2")), ("run/first", ProblemCode::FieldFormat));
        assert_eq!(fault(run("SN-", "1", "")), ("run/last", ProblemCode::FieldFormat));
        assert_eq!(fault(run("SN-", "2", "1")), ("run/last", ProblemCode::FieldOutOfRange));
        assert_eq!(fault(run("SN-", "1", "2001")), ("run/last", ProblemCode::FieldOutOfRange));
        assert_eq!(run("SN-", "1", "2000").expand().unwrap().len(), 2_000);
        let both = Serials { list: vec!["A".into()], ..run("", "1", "2") };
        assert_eq!(fault(both), ("list", ProblemCode::FieldNotAllowed));
    }
}
