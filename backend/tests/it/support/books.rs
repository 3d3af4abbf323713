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
        "what stands somewhere is of no age, or older or younger than all that came",
        "SELECT b.id::text AS text FROM stock_balance b
         LEFT JOIN LATERAL (SELECT min(m.occurred_at) AS first, max(m.occurred_at) AS last FROM stock_movement m
            WHERE m.org_id = b.org_id AND m.item_id = b.item_id AND m.lot_id IS NOT DISTINCT FROM b.lot_id
                AND m.to_order_id IS NOT DISTINCT FROM b.order_id
                AND (b.order_id IS NOT NULL OR m.to_location_id = b.location_id)) m ON true
         WHERE (b.since IS NULL) <> (b.on_hand = 0) OR NOT b.since BETWEEN m.first AND m.last",
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
        "the identity of an order's account does not hold",
        "SELECT number || ' ' || order_id AS text FROM custody_account_view WHERE NOT proved",
    ),
    (
        "an order is closed or cancelled, and something of it is not accounted for",
        "SELECT number AS text FROM custody_account_view WHERE record_state IN ('closed', 'cancelled') AND open",
    ),
    (
        "a serial number is in two places",
        "SELECT l.code AS text FROM stock_balance b JOIN lot l ON (l.org_id, l.id) = (b.org_id, b.lot_id)
         JOIN item i ON (i.org_id, i.id) = (l.org_id, l.item_id) WHERE i.tracking = 'serial'
         GROUP BY l.org_id, l.id, l.code HAVING sum(b.on_hand) > 1",
    ),
    (
        "a lot descends from itself",
        "WITH RECURSIVE down AS (
            SELECT org_id, parent_lot_id AS origin, child_lot_id AS lot FROM lot_link WHERE voided_at IS NULL
            UNION SELECT d.org_id, d.origin, l.child_lot_id FROM down d
            JOIN lot_link l ON (l.org_id, l.parent_lot_id) = (d.org_id, d.lot) AND l.voided_at IS NULL)
         SELECT DISTINCT lot::text AS text FROM down WHERE origin = lot",
    ),
    (
        "a link stands though the document behind it is undone, or is void though it is not",
        "SELECT l.id::text AS text FROM lot_link l
         LEFT JOIN material_document m ON (m.org_id, m.id) = (l.org_id, l.document_id)
         LEFT JOIN subcontract_receipt r ON (r.org_id, r.id) = (l.org_id, l.document_id)
         WHERE (l.voided_at IS NULL) <> (coalesce(m.record_state, r.record_state) = 'posted')",
    ),
    (
        "what an order got is other than what its papers say",
        "SELECT o.number || ' ' || c.item_id AS text FROM order_component c
         JOIN subcontract_order o ON (o.org_id, o.id) = (c.org_id, c.order_id)
         LEFT JOIN (SELECT org_id, order_id, item_id, sum(issued + transferred_in) AS got FROM order_account GROUP BY 1, 2, 3) a
            ON (a.org_id, a.order_id, a.item_id) = (c.org_id, c.order_id, c.item_id)
         WHERE c.item_id <> o.product_id AND c.issued_quantity <> coalesce(a.got, 0)",
    ),
    (
        "what stands in a claim is other than the open claims",
        "SELECT b.id::text AS text FROM stock_balance b
         JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id) AND p.kind = 'claim'
         LEFT JOIN (SELECT c.org_id, n.order_id, c.lot_id, sum(c.quantity) AS quantity FROM claim c
            JOIN issue_note n ON (n.org_id, n.id) = (c.org_id, c.issue_note_id)
            WHERE c.state = 'open' AND c.kind <> 'over' GROUP BY 1, 2, 3) c
            ON (c.org_id, c.order_id) = (b.org_id, b.order_id) AND c.lot_id IS NOT DISTINCT FROM b.lot_id
         WHERE b.on_hand <> coalesce(c.quantity, 0)",
    ),
    (
        "a requisition or pick task stands where its issue does not",
        "SELECT r.number AS text FROM requisition r WHERE (r.issue_state = 'issued') <> EXISTS (
            SELECT FROM issue_note n WHERE (n.org_id, n.requisition_id) = (r.org_id, r.id) AND n.record_state = 'posted')",
    ),
    (
        "something happened after it was written",
        "SELECT m.id::text AS text FROM stock_movement m WHERE m.occurred_at > m.recorded_at",
    ),
    (
        "a document number is neither a document's nor free",
        "SELECT format('FL-%s-%s', c.year, lpad(n.number::text, 6, '0')) AS text
         FROM document_counter c CROSS JOIN generate_series(1, c.last_number) AS n (number) WHERE c.kind = 'issue'
            AND EXISTS (SELECT FROM issue_note i WHERE (i.org_id, i.number)
                = (c.org_id, format('FL-%s-%s', c.year, lpad(n.number::text, 6, '0'))))
            = EXISTS (SELECT FROM free_document_number f WHERE (f.org_id, f.kind, f.year, f.number)
                = (c.org_id, c.kind, c.year, n.number))",
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
