//! What differs between two versions of an agreement. Clauses are the same when their number is.

use std::collections::{BTreeMap, BTreeSet};

use lotline_common::contracts::{
    AgreementVersion, Clause, ClauseChange, ClauseChangeKind, FigureChange, VersionDifference,
};
use serde_json::Value;

/// What changes from one version to another; from nothing, everything is new.
#[must_use]
pub fn difference(from: Option<&AgreementVersion>, to: &AgreementVersion) -> VersionDifference {
    let before: &[Clause] = from.map_or(&[], |version| &version.clauses);
    let removed = before.iter().filter(|clause| find(&to.clauses, &clause.number).is_none());
    let kept = to.clauses.iter().filter_map(|after| change(find(before, &after.number), after));
    let mut changes: Vec<_> = kept.collect();
    changes.extend(removed.map(|clause| ClauseChange {
        change: ClauseChangeKind::Removed,
        number: clause.number.clone(),
        before: Some(clause.clone()),
        after: None,
        figures: Vec::new(),
    }));
    VersionDifference {
        from_version: from.map(|version| version.version_number),
        to_version: to.version_number,
        changes,
    }
}

fn find<'a>(clauses: &'a [Clause], number: &str) -> Option<&'a Clause> {
    clauses.iter().find(|clause| clause.number == number)
}

fn change(before: Option<&Clause>, after: &Clause) -> Option<ClauseChange> {
    let figures = before.map(|before| figure_changes(before, after)).unwrap_or_default();
    let change = match before {
        None => ClauseChangeKind::Added,
        Some(_) if figures.is_empty() => return None,
        Some(_) => ClauseChangeKind::Changed,
    };
    Some(ClauseChange {
        change,
        number: after.number.clone(),
        before: before.cloned(),
        after: Some(after.clone()),
        figures,
    })
}

fn figure_changes(before: &Clause, after: &Clause) -> Vec<FigureChange> {
    let (before, after) = (figures(before), figures(after));
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let differing = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    let change = |name: &String| FigureChange {
        field: name.clone(),
        before: before.get(name).cloned(),
        after: after.get(name).cloned(),
    };
    differing.map(change).collect()
}

/// Everything that a clause says, by name.
fn figures(clause: &Clause) -> BTreeMap<String, String> {
    let terms = serde_json::to_value(&clause.terms).unwrap_or_default();
    let fields = terms.as_object().cloned().unwrap_or_default();
    let mut figures: BTreeMap<_, _> = fields.into_iter().map(|(name, value)| (name, text(&value))).collect();
    figures.insert("enforcement".to_owned(), clause.enforcement.to_string());
    figures.insert("text.zh".to_owned(), clause.text.zh.clone());
    figures.insert("text.en".to_owned(), clause.text.en.clone());
    figures.extend(clause.item.iter().map(|item| ("item".to_owned(), item.code.clone())));
    figures.extend(clause.operation.iter().map(|operation| ("operation".to_owned(), operation.code.clone())));
    figures
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotline_common::contracts::{AgreementKind, ClauseTerms, Enforcement, VersionState, Wording};
    use lotline_common::id::{AgreementId, AgreementVersionId, ClauseId, PersonId};

    fn clause(number: &str, percent: &str) -> Clause {
        Clause {
            id: ClauseId::new(),
            number: number.to_owned(),
            text: Wording { zh: "损耗率".to_owned(), en: "Loss".to_owned() },
            item: None,
            operation: None,
            terms: ClauseTerms::LossAllowance { percent: percent.parse().unwrap() },
            enforcement: Enforcement::Refuse,
        }
    }

    fn version(number: i32, clauses: Vec<Clause>) -> AgreementVersion {
        let person = lotline_common::access::PersonRef { id: PersonId::new(), display_name: "赵海燕".to_owned() };
        AgreementVersion {
            id: AgreementVersionId::new(),
            agreement_id: AgreementId::new(),
            agreement_number: "XY-1".to_owned(),
            agreement_kind: AgreementKind::Contract,
            version_number: number,
            state: VersionState::Effective,
            in_force: true,
            effective_from: "2026-01-01".parse().unwrap(),
            effective_to: None,
            change_note: String::new(),
            clauses,
            open_order_count: 0,
            created_by: person,
            created_at: chrono::Utc::now(),
            approved_by: None,
            approved_at: None,
            version: 1,
        }
    }

    #[test]
    fn an_amendment_is_told_clause_by_clause_with_figures_before_and_after() {
        let first = version(1, vec![clause("4.1", "3"), clause("4.2", "5"), clause("4.3", "1")]);
        let second = version(2, vec![clause("4.1", "2.5"), clause("4.2", "5"), clause("4.4", "0")]);
        let told = difference(Some(&first), &second);
        assert_eq!((told.from_version, told.to_version), (Some(1), 2));
        let words: Vec<_> = told.changes.iter().map(|change| (change.change, change.number.as_str())).collect();
        let expected =
            [(ClauseChangeKind::Changed, "4.1"), (ClauseChangeKind::Added, "4.4"), (ClauseChangeKind::Removed, "4.3")];
        assert_eq!(words, expected);
        let figure = FigureChange { field: "percent".into(), before: Some("3".into()), after: Some("2.5".into()) };
        assert_eq!(told.changes.first().unwrap().figures, [figure]);
    }

    #[test]
    fn a_clause_that_stays_is_not_told() {
        let first = version(1, vec![clause("4.1", "3")]);
        assert_eq!(difference(Some(&first), &version(2, vec![clause("4.1", "3")])).changes, []);
        assert_eq!(difference(None, &first).changes.len(), 1);
    }
}
