-- What the clients issued is used up, as in a house that goes on for years: with every run more would lie with the
-- subcontractors otherwise, and the lists would be compared by that and not by the size of the ledger.
CREATE TEMPORARY TABLE used ON COMMIT DROP AS
SELECT b.* FROM stock_balance b WHERE b.location_kind = 'in_transit_out' AND b.on_hand > 0;
INSERT INTO stock_movement (org_id, id, kind, item_id, lot_id, quantity, unit_id, from_location_id, from_status, to_location_id,
    to_status, from_order_id, occurred_at, recorded_at, document_kind, document_id, document_line, actor_id, capture)
SELECT u.org_id, bench.new_id(), 'consumption', u.item_id, u.lot_id, u.on_hand, i.unit_id, u.location_id, u.status,
    bench.place('CONSUMED'), u.status, u.order_id, now(), now(), 'lot', u.lot_id, 1, bench.person(), 'wedge'
FROM used u JOIN item i ON (i.org_id, i.id) = (u.org_id, u.item_id);
INSERT INTO stock_balance (org_id, id, location_id, item_id, lot_id, status, location_kind, on_hand, outside)
SELECT u.org_id, bench.new_id(), l.id, u.item_id, u.lot_id, u.status, l.kind, 0, true
FROM used u JOIN location l ON (l.org_id, l.id) = (u.org_id, bench.place('CONSUMED'))
ON CONFLICT DO NOTHING;
UPDATE stock_balance b SET on_hand = b.on_hand + n.quantity
FROM (SELECT lot_id, status, sum(on_hand) AS quantity FROM used GROUP BY lot_id, status) n
WHERE b.location_id = bench.place('CONSUMED') AND (b.lot_id, b.status) = (n.lot_id, n.status);
UPDATE stock_balance b SET on_hand = 0 FROM used u WHERE (b.org_id, b.id) = (u.org_id, u.id);
