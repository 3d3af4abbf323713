//! Tests of the rules of recalls.

use chrono::{DateTime, Utc};
use lotline_common::access::{OrganisationRef, PersonRef};
use lotline_common::custody::AttachmentRef;
use lotline_common::id::{
    AttachmentId, ItemId, LotId, OperationId, OrganisationId, PartnerId, PersonId, RecallId, RecallNoticeId, UnitId,
};
use lotline_common::ledger::{LotRef, LotStatus};
use lotline_common::locale::Name;
use lotline_common::masterdata::{ItemRef, PartnerRef, Tracking, UnitRef};
use lotline_common::recall::{NoticeCount, RecallClass, RecallFigures, WorkWindow};

use super::*;

fn moment(hours: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(hours * 3_600, 0).unwrap()
}

fn person() -> PersonRef {
    PersonRef { id: PersonId::new(), display_name: "quality".into() }
}

fn item() -> ItemRef {
    let unit = UnitRef { id: UnitId::new(), code: "kg".into(), decimal_places: 1 };
    ItemRef { id: ItemId::new(), code: "RM-BAR".into(), name: Name::default(), tracking: Tracking::Lot, unit }
}

fn lot_ref(code: &str) -> LotRef {
    LotRef { id: LotId::new(), code: code.into(), status: LotStatus::Recalled, expires_on: None }
}

fn recall() -> Recall {
    Recall {
        id: RecallId::new(),
        number: "ZH-1".into(),
        recall_class: RecallClass::Two,
        record_state: RecallState::Held,
        reason: String::new(),
        instruction: String::new(),
        criteria: RecallCriteria::default(),
        criteria_codes: Vec::new(),
        certain_count: 1,
        possible_count: 0,
        held_count: 1,
        notice_count: 1,
        open_notice_count: 1,
        overdue_count: 0,
        created_by: person(),
        created_at: moment(0),
        held_by: None,
        held_at: None,
        ended_by: None,
        ended_at: None,
        end_reason: String::new(),
        version: 1,
    }
}

fn affected(hold_state: HoldState, figures: RecallFigures) -> RecallLot {
    let lot = lot_ref("L-1");
    RecallLot {
        id: lot.id,
        lot,
        item: item(),
        certain: true,
        distance: 0,
        hold_state,
        status_before: Some(LotStatus::Released),
        scoped_at: moment(0),
        scoped_places: Vec::new(),
        figures,
        lifted_by: None,
        lift_reason: String::new(),
    }
}

fn notice(kind: NoticeKind, state: NoticeState, quantity: Option<i64>) -> RecallNotice {
    let line = |line_number| RecallNoticeLine {
        line_number,
        item: item(),
        lot: lot_ref("L-1"),
        quantity: quantity.map(Decimal::from),
        material_id: None,
        counted_quantity: None,
        place: String::new(),
    };
    RecallNotice {
        id: RecallNoticeId::new(),
        number: "ZT-1".into(),
        recall_id: RecallId::new(),
        kind,
        state,
        sender: OrganisationRef { id: OrganisationId::new(), code: "acme".into(), name: Name::default(), demo: false },
        partner: PartnerRef { id: PartnerId::new(), code: "SUB".into(), name: Name::default() },
        contact: String::new(),
        recall_class: RecallClass::Two,
        reason: String::new(),
        instruction: String::new(),
        lines: vec![line(1), line(2)],
        created_at: moment(0),
        due_at: moment(72),
        overdue: false,
        sent_by_means: String::new(),
        sent_evidence: String::new(),
        sent_by: None,
        sent_at: None,
        acknowledged_by: None,
        acknowledged_at: None,
        remark: String::new(),
        attachments: Vec::new(),
        version: 1,
    }
}

fn count(lines: &[(i32, &str, &str)], remark: &str) -> NoticeAcknowledge {
    let line = |(line_number, quantity, place): &(i32, &str, &str)| NoticeCount {
        line_number: *line_number,
        counted_quantity: quantity.parse().unwrap(),
        place: (*place).to_owned(),
    };
    NoticeAcknowledge { lines: lines.iter().map(line).collect(), remark: remark.into() }
}

fn faults(outcome: Result<(), Refusal>) -> Vec<String> {
    let refusal = outcome.unwrap_err();
    if refusal.fields.is_empty() {
        return vec![refusal.code.to_string()];
    }
    refusal.fields.iter().map(|field| format!("{} {}", field.pointer, field.refusal.code)).collect()
}

#[test]
fn suspect_lots_are_chosen_by_one_way_at_least() {
    let said = |criteria: &RecallCriteria| {
        let mut check = FieldCheck::new();
        check_criteria(&mut check, criteria);
        check.finish()
    };
    let none = RecallCriteria { supplier_lot: "  ".into(), ..RecallCriteria::default() };
    assert_eq!(faults(said(&none)), [format!("/criteria {}", ProblemCode::FieldRequired)]);
    let window = WorkWindow {
        order_id: None,
        operation_id: None,
        partner_id: None,
        location_id: None,
        from: moment(2),
        to: moment(1),
    };
    let anywhere = RecallCriteria { window: Some(window.clone()), ..RecallCriteria::default() };
    let expected = [
        format!("/criteria/window {}", ProblemCode::FieldRequired),
        format!("/criteria/window/to {}", ProblemCode::DateOrderWrong),
    ];
    assert_eq!(faults(said(&anywhere)), expected);
    let window = WorkWindow { operation_id: Some(OperationId::new()), to: moment(2), ..window };
    assert_eq!(said(&RecallCriteria { window: Some(window), ..RecallCriteria::default() }), Ok(()));
    let many = RecallCriteria { lot_ids: vec![LotId::new(); 201], ..RecallCriteria::default() };
    assert_eq!(faults(said(&many)), [format!("/criteria/lot_ids {}", ProblemCode::FieldOutOfRange)]);
}

#[test]
fn a_subcontractor_counts_every_lot_and_says_where_it_is() {
    let notice = notice(NoticeKind::Subcontractor, NoticeState::Open, None);
    let check = |lines: &[(i32, &str, &str)]| check_counts(&notice, &count(lines, ""));
    assert_eq!(check(&[(1, "4.5", "cage 2"), (2, "0", "")]), Ok(()));
    assert_eq!(faults(check(&[(1, "4.5", "cage 2")])), [ProblemCode::CountIncomplete.as_str()]);
    let wrong = check(&[(1, "4.55", "cage 2"), (2, "1", " "), (2, "0", ""), (9, "0", "")]);
    let expected = [
        format!("/lines/0/counted_quantity {}", ProblemCode::QuantityTooPrecise),
        format!("/lines/1/place {}", ProblemCode::FieldRequired),
        format!("/lines/2/line_number {}", ProblemCode::LineDuplicate),
        format!("/lines/3/line_number {}", ProblemCode::ReferenceUnknown),
    ];
    assert_eq!(faults(wrong), expected);
}

#[test]
fn what_is_set_apart_is_shown_and_what_is_not_there_need_not_be() {
    let mut notice = notice(NoticeKind::Subcontractor, NoticeState::Open, None);
    let (some, none) = (count(&[(1, "1", "cage"), (2, "0", "")], ""), count(&[(1, "0", ""), (2, "0", "")], ""));
    assert_eq!(faults(check_photo(&notice, &some)), [ProblemCode::RecallPhotoMissing.as_str()]);
    assert_eq!(check_photo(&notice, &none), Ok(()));
    notice.attachments.push(AttachmentRef {
        id: AttachmentId::new(),
        document_line: None,
        media_type: "image/png".into(),
        file_name: "cage.png".into(),
        sha256: String::new(),
        created_by: person(),
        created_at: moment(1),
    });
    assert_eq!(check_photo(&notice, &some), Ok(()));
}

#[test]
fn a_customer_has_no_more_than_it_was_sold_and_says_where_the_rest_went() {
    let notice = notice(NoticeKind::Customer, NoticeState::Sent, Some(5));
    let check = |second: &str, remark: &str| check_counts(&notice, &count(&[(1, "5", ""), (2, second, "")], remark));
    assert_eq!(check("5", ""), Ok(()));
    assert_eq!(faults(check("4", "")), [ProblemCode::DifferenceRemarkRequired.as_str()]);
    assert_eq!(check("4", "one implanted"), Ok(()));
    assert_eq!(faults(check("6", "")), [format!("/lines/1/counted_quantity {}", ProblemCode::FieldOutOfRange)]);
}

#[test]
fn a_notice_is_sent_to_a_customer_once_and_answered_then() {
    let code =
        |kind, state, needed| check_customers(&notice(kind, state, None), needed).map_err(|refusal| refusal.code);
    use NoticeState::{Acknowledged, Open, Sent};
    assert_eq!(code(NoticeKind::Customer, Open, Open), Ok(()));
    assert_eq!(code(NoticeKind::Customer, Sent, Open), Err(ProblemCode::StateForbids));
    assert_eq!(code(NoticeKind::Customer, Acknowledged, Sent), Err(ProblemCode::StateForbids));
    assert_eq!(code(NoticeKind::Subcontractor, Open, Open), Err(ProblemCode::StateForbids));
}

#[test]
fn what_is_left_over_of_held_lots_is_explained_before_a_recall_is_closed() {
    let left = RecallFigures { made: 10.into(), own: 7.into(), ..RecallFigures::default() };
    let told = [notice(NoticeKind::Customer, NoticeState::Sent, Some(1))];
    let close =
        |lots: &[RecallLot], notices: &[RecallNotice], reason: &str| check_close(&recall(), (lots, notices), reason);
    let held = [affected(HoldState::Held, left)];
    let refusal = close(&held, &told, "").unwrap_err();
    assert_eq!((refusal.code, refusal.figures["residuals"].as_str()), (ProblemCode::RecallResidual, "L-1 3 kg"));
    assert!(close(&held, &told, "lost").is_err());
    assert_eq!(close(&held, &told, "burnt with the lorry"), Ok(()));
    assert_eq!(close(&[affected(HoldState::Lifted, left), affected(HoldState::Scoped, left)], &told, ""), Ok(()));
    let untold = [notice(NoticeKind::Customer, NoticeState::Open, Some(1))];
    assert_eq!(faults(close(&[], &untold, "all is well")), [ProblemCode::RecallNoticesOpen.as_str()]);
}

#[test]
fn of_a_lot_that_a_recall_holds_only_what_was_used_before_the_hold_may_be_said() {
    assert!(check_used("H-1", None, moment(2)).is_ok());
    assert!(check_used("H-1", Some(moment(2)), moment(1)).is_ok());
    for used_by in [moment(2), moment(3)] {
        let refusal = check_used("H-1", Some(moment(2)), used_by).unwrap_err();
        assert_eq!((refusal.code, refusal.figures["lot"].as_str()), (ProblemCode::LotStatusForbids, "H-1"));
    }
}
