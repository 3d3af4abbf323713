//! The dates of a lot: when it was made, and how long it may be used. One rule for every way in which a lot becomes known.

use chrono::{Days, NaiveDate};
use lotline_common::masterdata::Tracking;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};

use super::lookup::ItemFacts;

/// What is said of a lot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dates {
    /// Date of manufacture.
    pub made: Option<NaiveDate>,
    /// Last day of use.
    pub expires: Option<NaiveDate>,
}

impl Dates {
    /// The last day of use: as given, or manufacture plus shelf life.
    #[must_use]
    pub fn expiry(self, item: &ItemFacts) -> Option<NaiveDate> {
        self.expires.or_else(|| {
            let days = u64::try_from(item.shelf_life_days?).ok()?;
            self.made?.checked_add_days(Days::new(days))
        })
    }
}

/// A lot is made before it expires. `at` is the JSON pointer of what says so.
pub fn check_order(check: &mut FieldCheck, at: &str, dates: Dates) {
    if let (Some(made), Some(expires)) = (dates.made, dates.expires)
        && expires <= made
    {
        let refusal = Refusal::new(ProblemCode::DateOrderWrong);
        check.refuse(format!("{at}/expires_on"), refusal.with("later", expires).with("earlier", made));
    }
}

/// Of what keeps for a while only, the last day of use is known.
pub fn check_expiry(check: &mut FieldCheck, at: &str, dates: Dates, item: &ItemFacts) {
    if item.tracking != Tracking::None && item.shelf_life_days.is_some() && dates.expiry(item).is_none() {
        check.refuse(format!("{at}/expires_on"), Refusal::new(ProblemCode::ExpiryRequired).with("item", &item.code));
    }
}

/// What is there was made already.
pub fn check_made(check: &mut FieldCheck, at: &str, made: Option<NaiveDate>, today: NaiveDate) {
    if let Some(made) = made.filter(|made| *made > today) {
        check.refuse(format!("{at}/manufactured_on"), Refusal::new(ProblemCode::TimeInFuture).with("time", made));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotline_common::id::{ItemId, UnitId};
    use lotline_common::masterdata::ItemKind;

    fn item(shelf_life_days: Option<i32>) -> ItemFacts {
        ItemFacts {
            id: ItemId::new(),
            code: "RM-1".into(),
            kind: ItemKind::RawMaterial,
            tracking: Tracking::Lot,
            unit: UnitId::new(),
            unit_code: "kg".into(),
            decimal_places: 3,
            shelf_life_days,
        }
    }

    fn dates(made: &str, expires: &str) -> Dates {
        Dates { made: made.parse().ok(), expires: expires.parse().ok() }
    }

    fn codes(dates: Dates, item: &ItemFacts) -> Vec<ProblemCode> {
        let mut check = FieldCheck::new();
        check_made(&mut check, "/lines/0", dates.made, "2026-03-02".parse().unwrap());
        check_order(&mut check, "/lines/0", dates);
        check_expiry(&mut check, "/lines/0", dates, item);
        let refused = check.finish().err().map(|refusal| refusal.fields).unwrap_or_default();
        refused.into_iter().map(|field| field.refusal.code).collect()
    }

    #[test]
    fn the_last_day_of_use_is_as_given_or_follows_from_manufacture_and_shelf_life() {
        let (year, for_ever) = (item(Some(365)), item(None));
        assert_eq!(dates("2026-01-01", "").expiry(&year), "2027-01-01".parse().ok());
        assert_eq!(dates("2026-01-01", "2026-06-30").expiry(&year), "2026-06-30".parse().ok());
        assert_eq!(dates("2026-01-01", "").expiry(&for_ever), None);
        assert_eq!(codes(dates("", ""), &year), [ProblemCode::ExpiryRequired]);
        assert_eq!(codes(dates("", ""), &for_ever), []);
    }

    #[test]
    fn a_lot_is_made_before_today_and_before_it_expires() {
        let item = item(None);
        assert_eq!(codes(dates("2026-03-02", "2026-03-03"), &item), []);
        assert_eq!(codes(dates("2026-03-03", ""), &item), [ProblemCode::TimeInFuture]);
        assert_eq!(codes(dates("2026-03-02", "2026-03-02"), &item), [ProblemCode::DateOrderWrong]);
    }
}
