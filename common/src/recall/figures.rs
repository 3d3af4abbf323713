//! What became of a recalled lot: the arithmetic of reconciliation.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a recalled lot is, in its item's unit (召回核对). What went into other lots is reconciled with those.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecallFigures {
    /// Received or made.
    pub made: Decimal,
    /// Went into other lots.
    pub used: Decimal,
    /// In our own house.
    pub own: Decimal,
    /// So much of that came back since the hold.
    pub returned: Decimal,
    /// At subcontractors, and on the way to them.
    pub custody: Decimal,
    /// So much of that they counted and set apart.
    pub custody_located: Decimal,
    /// On the way back, or claimed.
    pub underway: Decimal,
    /// Destroyed.
    pub destroyed: Decimal,
    /// Sold.
    pub customer: Decimal,
    /// So much of that customers say they have.
    pub customer_located: Decimal,
}

impl RecallFigures {
    /// What is to be accounted for: everything but what went into other lots.
    #[must_use]
    pub fn affected(&self) -> Decimal {
        (self.made - self.used).max(Decimal::ZERO)
    }

    /// What is where somebody saw it: on our shelves since before the hold, counted by subcontractors and customers.
    #[must_use]
    pub fn located(&self) -> Decimal {
        self.own - self.returned + self.custody_located + self.customer_located
    }

    /// What is accounted for: located, returned or destroyed.
    #[must_use]
    pub fn accounted(&self) -> Decimal {
        self.located() + self.returned + self.destroyed
    }

    /// What customers have not answered for.
    #[must_use]
    pub fn outstanding(&self) -> Decimal {
        (self.customer - self.customer_located).max(Decimal::ZERO)
    }

    /// What nobody has located, wherever it should be.
    #[must_use]
    pub fn residual(&self) -> Decimal {
        (self.affected() - self.accounted()).max(Decimal::ZERO)
    }

    /// Accounted for of what is affected, in per cent with one decimal, rounded down: all of nothing is everything.
    #[must_use]
    pub fn percent(&self) -> Decimal {
        let (affected, hundred) = (self.affected(), Decimal::ONE_HUNDRED);
        let part = self.accounted().min(affected);
        let percent = part.checked_mul(hundred).and_then(|part| part.checked_div(affected));
        percent.map_or(hundred, |percent| percent.trunc_with_scale(1).normalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn figures() -> RecallFigures {
        RecallFigures {
            made: 100.into(),
            used: 40.into(),
            own: 20.into(),
            returned: 5.into(),
            custody: 15.into(),
            custody_located: 14.into(),
            underway: 2.into(),
            destroyed: 3.into(),
            customer: 20.into(),
            customer_located: 8.into(),
        }
    }

    #[test]
    fn what_is_left_over_is_what_nobody_saw() {
        let figures = figures();
        // 1 missing at the subcontractor, 2 on the way back, 12 that customers have not answered for.
        assert_eq!((figures.affected(), figures.outstanding(), figures.residual()), (60.into(), 12.into(), 15.into()));
        assert_eq!(figures.located() + figures.returned + figures.destroyed, figures.accounted());
        assert_eq!(figures.percent(), 75.into());
    }

    #[test]
    fn a_lot_that_went_into_others_whole_is_reconciled_with_them() {
        let used = RecallFigures { made: 7.into(), used: 7.into(), ..RecallFigures::default() };
        assert_eq!((used.residual(), used.percent()), (Decimal::ZERO, Decimal::ONE_HUNDRED));
    }

    #[test]
    fn what_a_count_took_off_the_books_is_not_located() {
        // 10 made, 9 on the shelf: a count found one missing.
        let counted = RecallFigures { made: 10.into(), own: 9.into(), ..RecallFigures::default() };
        assert_eq!((counted.residual(), counted.percent()), (Decimal::ONE, 90.into()));
    }

    proptest! {
        #[test]
        fn everything_is_accounted_for_or_left_over(
            own in 0i64..500, returned in 0i64..500, there in 0i64..500, missing in 0i64..500, underway in 0i64..500,
            destroyed in 0i64..500, sold in 0i64..500, answered in 0i64..500, used in 0i64..500, lost in 0i64..500,
        ) {
            let (own, sold) = (own + returned, sold + answered);
            let figures = RecallFigures {
                made: (own + there + missing + underway + destroyed + sold + used + lost).into(),
                used: used.into(),
                own: own.into(),
                returned: returned.into(),
                custody: (there + missing).into(),
                custody_located: there.into(),
                underway: underway.into(),
                destroyed: destroyed.into(),
                customer: sold.into(),
                customer_located: answered.into(),
            };
            prop_assert_eq!(figures.accounted() + figures.residual(), figures.affected());
            let expected = missing + underway + lost + sold - answered;
            prop_assert_eq!(figures.residual(), Decimal::from(expected));
            prop_assert_eq!(figures.percent() == Decimal::ONE_HUNDRED, expected == 0);
        }
    }
}
