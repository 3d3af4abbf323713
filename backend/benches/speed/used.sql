-- What the clients issued is used up, as in a house that goes on for years: with every run more would lie with the
-- subcontractors otherwise, and the lists would be compared by that and not by the size of the ledger.
INSERT INTO stock_movement (org_id, id, kind, item_id, lot_id, quantity, unit_id, from_location_id, from_status, to_location_id,
    to_status, from_order_id, occurred_at, recorded_at, document_kind, document_id, document_line, actor_id, capture)
SELECT b.org_id, bench.new_id(), 'consumption', b.item_id, b.lot_id, b.on_hand, i.unit_id, b.location_id, b.status,
    bench.place('CONSUMED'), 'available', b.order_id, now(), now(), 'lot', b.lot_id, 1, bench.person(), 'wedge'
FROM stock_balance b JOIN item i ON (i.org_id, i.id) = (b.org_id, b.item_id)
WHERE b.location_kind = 'in_transit_out' AND b.on_hand > 0;
UPDATE stock_balance SET on_hand = 0 WHERE location_kind = 'in_transit_out' AND on_hand > 0;
