//! Whether the books agree with themselves, asked of the database above all walls.

use diesel::pg::PgConnection;

use super::db::texts;

/// What contradicts what; each statement finds nothing in sound books.
const CONTRADICTIONS: &[(&str, &str)] = &[
    (
        "a balance is below zero, or promises more than is there",
        "SELECT id::text AS text FROM stock_balance WHERE on_hand < 0 OR reserved < 0 OR reserved > on_hand",
    ),
    (
        "a balance differs from the sum of its movements",
        "WITH flow AS (
            SELECT org_id, to_location_id AS location_id, item_id, lot_id, to_status AS status, owner_id,
                to_order_id AS order_id, quantity FROM stock_movement
            UNION ALL SELECT org_id, from_location_id, item_id, lot_id, from_status, owner_id, from_order_id, -quantity
            FROM stock_movement),
         built AS (SELECT org_id, location_id, item_id, lot_id, status, owner_id, order_id, sum(quantity) AS on_hand
            FROM flow JOIN location p USING (org_id)
            WHERE p.id = location_id AND p.kind NOT IN ('supplier', 'adjustment', 'production')
            GROUP BY 1, 2, 3, 4, 5, 6, 7),
         live AS (SELECT org_id, location_id, item_id, lot_id, status, owner_id, order_id, on_hand FROM stock_balance)
         SELECT (found.*)::text AS text FROM (
            (SELECT * FROM built WHERE on_hand <> 0 EXCEPT SELECT * FROM live)
            UNION ALL (SELECT * FROM live WHERE on_hand <> 0 EXCEPT SELECT * FROM built)) found",
    ),
    (
        "what is reserved differs from the open reservations",
        "SELECT b.id::text AS text FROM stock_balance b
         LEFT JOIN (SELECT org_id, balance_id, sum(quantity) AS quantity FROM reservation WHERE state = 'reserved'
            GROUP BY 1, 2) r ON (r.org_id, r.balance_id) = (b.org_id, b.id)
         WHERE b.reserved <> coalesce(r.quantity, 0)",
    ),
    (
        "a lot is more or less than what came in for it",
        "SELECT l.code AS text FROM lot l
         JOIN LATERAL (SELECT coalesce(sum(on_hand), 0) AS there FROM stock_balance b
            WHERE (b.org_id, b.lot_id) = (l.org_id, l.id)) b ON true
         JOIN LATERAL (SELECT
                coalesce(sum(m.quantity) FILTER (WHERE f.kind IN ('supplier', 'adjustment', 'production')), 0)
                - coalesce(sum(m.quantity) FILTER (WHERE t.kind IN ('supplier', 'adjustment', 'production')), 0) AS came
            FROM stock_movement m JOIN location f ON (f.org_id, f.id) = (m.org_id, m.from_location_id)
            JOIN location t ON (t.org_id, t.id) = (m.org_id, m.to_location_id)
            WHERE (m.org_id, m.lot_id) = (l.org_id, l.id)) m ON true
         WHERE b.there <> m.came",
    ),
    (
        "an issue note has other movements than lines, or not one event of posting",
        "SELECT n.number AS text FROM issue_note n WHERE
            (SELECT count(*) FROM issue_note_line l WHERE (l.org_id, l.issue_note_id) = (n.org_id, n.id))
                <> (SELECT count(*) FROM stock_movement m WHERE (m.org_id, m.document_id) = (n.org_id, n.id)
                    AND m.kind IN ('issue', 'supplement'))
            OR (SELECT count(*) FROM audit_event e
                WHERE (e.org_id, e.aggregate_id, e.action) = (n.org_id, n.id, 'posted')) <> 1",
    ),
    (
        "a pick task was issued twice, or is issued without a note",
        "SELECT t.number AS text FROM pick_task t WHERE (t.state = 'issued') <> (1 = (SELECT count(*) FROM issue_note n
            WHERE (n.org_id, n.pick_id) = (t.org_id, t.id) AND n.record_state = 'posted'))",
    ),
    (
        "the record's chain is broken",
        "SELECT e.id::text AS text FROM audit_event e
         LEFT JOIN audit_event p ON (p.org_id, p.aggregate_kind, p.aggregate_id, p.aggregate_seq)
            = (e.org_id, e.aggregate_kind, e.aggregate_id, e.aggregate_seq - 1)
         WHERE e.previous_hash IS DISTINCT FROM p.leaf_hash",
    ),
    (
        "document numbers have a gap",
        "SELECT c.kind AS text FROM document_counter c WHERE c.kind = 'issue' AND c.last_number <> (
            SELECT count(*) FROM issue_note n WHERE n.org_id = c.org_id)",
    ),
];

/// Everything that contradicts itself in the books; empty when they are sound.
pub fn contradictions(owner: &mut PgConnection) -> Vec<String> {
    let mut found = Vec::new();
    for (what, statement) in CONTRADICTIONS {
        found.extend(texts(owner, statement).into_iter().map(|which| format!("{what}: {which}")));
    }
    found
}
