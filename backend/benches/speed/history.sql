-- Years of used-up lots, numbers {first} to {last}: 50 movements each, and the balances that follow from them.
-- Received and released; issued for four orders, confirmed and consumed there; eighteen times to a line and back. The
-- document behind each movement is its lot, which is there to be named.
CREATE TEMPORARY TABLE old_lot ON COMMIT DROP AS
SELECT n, bench.id(3, 1 + n % 1000) AS item_id, bench.id(22, n) AS lot_id, 1 + n % 50 AS partner, n / 250 AS order_group
FROM generate_series({first}::bigint, {last}::bigint) n;
-- What one lot goes through: places by name, where the subcontractor's are, and which of the four orders.
CREATE TEMPORARY TABLE step ON COMMIT DROP AS
SELECT 1 AS step, 'receipt' AS kind, 'SUPPLIER' AS from_place, 'quarantine' AS from_status, 'QUARANTINE' AS to_place,
    'quarantine' AS to_status, NULL::integer AS from_order, NULL::integer AS to_order, 1000 AS quantity
UNION ALL SELECT 2, 'release', 'QUARANTINE', 'quarantine', 'STORE', 'available', NULL, NULL, 1000
UNION ALL SELECT 3 + 3 * k, 'issue', 'STORE', 'available', 'transit', 'available', NULL, k, 250 FROM generate_series(0, 3) k
UNION ALL SELECT 4 + 3 * k, 'confirmation', 'transit', 'available', 'custody', 'available', k, k, 250 FROM generate_series(0, 3) k
UNION ALL SELECT 5 + 3 * k, 'consumption', 'custody', 'available', 'CONSUMED', 'available', k, NULL, 250
    FROM generate_series(0, 3) k
UNION ALL SELECT 15 + 2 * k, 'line_issue', 'STORE', 'available', 'LINE', 'available', NULL, NULL, 200 FROM generate_series(0, 17) k
UNION ALL SELECT 16 + 2 * k, 'line_return', 'LINE', 'available', 'STORE', 'available', NULL, NULL, 200 FROM generate_series(0, 17) k;
-- To a line and back happens while the lot is there: before it is issued.
UPDATE step SET step = CASE WHEN step >= 15 THEN step - 12 ELSE step + 36 END WHERE step > 2;
CREATE TEMPORARY TABLE spot ON COMMIT DROP AS
SELECT DISTINCT p.name, s.partner,
    CASE p.name WHEN 'transit' THEN bench.id(8, s.partner * 4 + 1) WHEN 'custody' THEN bench.id(8, s.partner * 4 + 2)
        ELSE bench.place(p.name) END AS id
FROM (SELECT from_place AS name FROM step UNION SELECT to_place FROM step) p, generate_series(1, 50) AS s (partner);

INSERT INTO lot (org_id, id, item_id, code, status, supplier_id, expires_on, unit_cost)
SELECT bench.org(), lot_id, item_id, 'H-' || n, 'released', bench.id(7, 1), current_date + 1000, 12.5 FROM old_lot;
INSERT INTO subcontract_order (org_id, id, number, partner_id, operation_id, product_id, bom_id, quantity, due_on, record_state,
    issue_state, custody_state, receipt_state, good_quantity, created_by, closed_by, closed_at)
SELECT DISTINCT bench.org(), bench.id(23, (order_group * 50 + partner) * 4 + k), 'WW-H-' || (order_group * 50 + partner) * 4 + k,
    bench.id(7, partner), bench.id(5, 1), bench.id(4, 1), bench.id(6, 1), 250, current_date - 100, 'closed', 'issued', 'confirmed',
    'full', 250, bench.person(), bench.person(), now()
FROM old_lot, generate_series(0, 3) k;
INSERT INTO stock_movement (org_id, id, kind, item_id, lot_id, quantity, unit_id, from_location_id, from_status, to_location_id,
    to_status, from_order_id, to_order_id, occurred_at, recorded_at, document_kind, document_id, document_line, actor_id, capture)
SELECT bench.org(), bench.id(24, o.n * 50 + s.step), s.kind, o.item_id, o.lot_id, s.quantity, u.id, f.id, s.from_status, t.id,
    s.to_status, bench.id(23, (o.order_group * 50 + o.partner) * 4 + s.from_order),
    bench.id(23, (o.order_group * 50 + o.partner) * 4 + s.to_order), moment, moment, 'lot', o.lot_id, 1,
    bench.person(), 'wedge'
FROM old_lot o CROSS JOIN step s
JOIN spot f ON f.name = s.from_place AND f.partner = o.partner
JOIN spot t ON t.name = s.to_place AND t.partner = o.partner
JOIN unit u ON u.org_id = bench.org() AND u.code = 'pcs'
CROSS JOIN LATERAL (SELECT now() - interval '600 days' + make_interval(secs => (o.n * 50 + s.step) * 4)) m (moment)
ORDER BY o.n, s.step;
INSERT INTO stock_balance (org_id, id, location_id, item_id, lot_id, status, location_kind, order_id, on_hand, outside)
SELECT bench.org(), bench.id(26, o.n * 16 + p.place), t.id, o.item_id, o.lot_id, p.status, l.kind,
    bench.id(23, (o.order_group * 50 + o.partner) * 4 + p.on_order), p.on_hand, p.name = 'CONSUMED'
FROM old_lot o CROSS JOIN (VALUES
    (0, 'QUARANTINE', 'quarantine', NULL::integer, 0), (1, 'STORE', 'available', NULL, 0), (2, 'LINE', 'available', NULL, 0),
    (3, 'CONSUMED', 'available', NULL, 1000), (4, 'transit', 'available', 0, 0), (5, 'transit', 'available', 1, 0),
    (6, 'transit', 'available', 2, 0), (7, 'transit', 'available', 3, 0), (8, 'custody', 'available', 0, 0),
    (9, 'custody', 'available', 1, 0), (10, 'custody', 'available', 2, 0), (11, 'custody', 'available', 3, 0)
) AS p (place, name, status, on_order, on_hand)
JOIN spot t ON t.name = p.name AND t.partner = o.partner
JOIN location l ON (l.org_id, l.id) = (bench.org(), t.id);
