-- What the clients issued is used up, as in a house that goes on for years: with every run more would lie with the
-- subcontractors otherwise, and the lists would be compared by that and not by the size of the ledger.
INSERT INTO stock_movement (org_id, id, kind, item_id, lot_id, quantity, unit_id, from_location_id, from_status, to_location_id,
    to_status, from_order_id, occurred_at, recorded_at, document_kind, document_id, document_line, actor_id, capture)
SELECT b.org_id, bench.new_id(), 'consumption', b.item_id, b.lot_id, b.on_hand, i.unit_id, b.location_id, b.status,
    bench.place('CONSUMED'), b.status, b.order_id, now(), now(), 'lot', b.lot_id, 1, bench.person(), 'wedge'
FROM stock_balance b JOIN item i ON (i.org_id, i.id) = (b.org_id, b.item_id)
WHERE b.location_kind = 'in_transit_out' AND b.on_hand > 0;
INSERT INTO stock_balance (org_id, id, location_id, item_id, lot_id, status, location_kind, on_hand, outside)
SELECT b.org_id, bench.new_id(), l.id, b.item_id, b.lot_id, b.status, l.kind, 0, true
FROM stock_balance b JOIN location l ON (l.org_id, l.id) = (b.org_id, bench.place('CONSUMED'))
WHERE b.location_kind = 'in_transit_out' AND b.on_hand > 0
ON CONFLICT DO NOTHING;
UPDATE stock_balance b SET on_hand = b.on_hand + n.quantity
FROM (SELECT lot_id, status, sum(on_hand) AS quantity FROM stock_balance
    WHERE location_kind = 'in_transit_out' AND on_hand > 0 GROUP BY lot_id, status) n
WHERE b.location_id = bench.place('CONSUMED') AND (b.lot_id, b.status) = (n.lot_id, n.status);
UPDATE stock_balance SET on_hand = 0 WHERE location_kind = 'in_transit_out' AND on_hand > 0;
