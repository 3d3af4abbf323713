-- Picked tasks {first} to {last}, each ready to be issued: five lines, for an open order of its own.
SET session_replication_role = replica;
CREATE TEMPORARY TABLE task ON COMMIT DROP AS
SELECT n, 1 + n % 200 AS product, 1 + n % 50 AS partner, (n / 200) % 3 AS lot FROM generate_series({first}::bigint, {last}::bigint) n;
CREATE TEMPORARY TABLE task_line ON COMMIT DROP AS
SELECT t.*, line, t.n * 5 + line AS place, bench.id(3, (product - 1) * 5 + line) AS item_id,
    ((product - 1) * 5 + line - 1) * 3 + lot + 1 AS lot_number
FROM task t, generate_series(1, 5) line;
INSERT INTO subcontract_order (org_id, id, number, partner_id, operation_id, product_id, bom_id, quantity, due_on, record_state, created_by)
SELECT bench.org(), bench.id(14, n), 'WW-B-' || n, bench.id(7, partner), bench.id(5, 1), bench.id(4, product), bench.id(6, product),
    100, current_date + 60, 'open', bench.person() FROM task;
INSERT INTO order_component (org_id, order_id, line_number, item_id, net_quantity, loss_norm_percent)
SELECT bench.org(), bench.id(14, n), line, item_id, 100, 2 FROM task_line;
INSERT INTO order_agreement (org_id, order_id, agreement_version_id)
SELECT bench.org(), bench.id(14, n), bench.id(9, partner * 2 + which) FROM task, generate_series(1, 2) which;
INSERT INTO requisition (org_id, id, number, order_id, needed_on, approval_state, issue_state, requested_by)
SELECT bench.org(), bench.id(16, n), 'SL-B-' || n, bench.id(14, n), current_date + 9, 'approved', 'picking', bench.id(1, 1) FROM task;
INSERT INTO requisition_line (org_id, requisition_id, line_number, item_id, proposed_quantity, requested_quantity)
SELECT bench.org(), bench.id(16, n), line, item_id, 103, 103 FROM task_line;
INSERT INTO approval (org_id, id, document_kind, document_id, document_number, permission, state, requested_by, decided_by, decided_at,
    drawing, run, subject)
SELECT bench.org(), bench.id(17, n), 'requisition', bench.id(16, n), 'SL-B-' || n, 'requisition.approve', 'approved', bench.id(1, 1),
    bench.person(), now(), '{"steps": []}', '{}', '{}' FROM task;
INSERT INTO pick_task (org_id, id, number, requisition_id, created_by)
SELECT bench.org(), bench.id(18, n), 'JH-B-' || n, bench.id(16, n), bench.id(1, 2) FROM task;
INSERT INTO scan (org_id, id, raw, capture, decoded, scanned_by)
SELECT bench.org(), bench.id(19, place), 'L-' || lot_number, 'wedge', '{}', bench.id(1, 2) FROM task_line;
INSERT INTO reservation (org_id, id, balance_id, quantity, document_kind, document_id, document_line)
SELECT bench.org(), bench.id(20, place), bench.id(12, lot_number), 103, 'pick', bench.id(18, n), line FROM task_line;
INSERT INTO pick_line (org_id, pick_id, line_number, requisition_line, item_id, lot_id, proposed_lot_id, location_id, quantity,
    reservation_id, picked_by, picked_at, scan_id)
SELECT bench.org(), bench.id(18, n), line, line, item_id, bench.id(10, lot_number), bench.id(10, lot_number), bench.place('STORE'),
    103, bench.id(20, place), bench.id(1, 2), now(), bench.id(19, place) FROM task_line;
UPDATE stock_balance b SET reserved = b.reserved + t.quantity
FROM (SELECT lot_number, sum(103) AS quantity FROM task_line GROUP BY lot_number) t
WHERE b.org_id = bench.org() AND b.id = bench.id(12, t.lot_number);
INSERT INTO audit_event (org_id, id, aggregate_kind, aggregate_id, aggregate_seq, action, actor_id, at, request_id, details,
    canonical_bytes, leaf_hash)
SELECT bench.org(), bench.id(21, n), 'pick', bench.id(18, n), 1, 'created', bench.id(1, 2), now(), gen_random_uuid(), '{}', '\x01',
    sha256('\x0001') FROM task;
SET session_replication_role = DEFAULT;
