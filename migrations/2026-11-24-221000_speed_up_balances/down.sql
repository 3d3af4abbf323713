ALTER TABLE pick_task RESET (fillfactor);
ALTER TABLE requisition RESET (fillfactor);
ALTER TABLE subcontract_order RESET (fillfactor);
ALTER TABLE order_component RESET (fillfactor);
ALTER TABLE reservation RESET (fillfactor);

DROP INDEX stock_movement_scan_id_idx;
CREATE INDEX stock_movement_scan_id_idx ON stock_movement (org_id, scan_id);
DROP INDEX stock_movement_owner_id_idx;
CREATE INDEX stock_movement_owner_id_idx ON stock_movement (org_id, owner_id);
CREATE INDEX stock_movement_item_id_idx ON stock_movement (org_id, item_id);

DROP INDEX stock_balance_owner_id_idx;
CREATE INDEX stock_balance_owner_id_idx ON stock_balance (org_id, owner_id);
DROP INDEX stock_balance_item_id_in_stock_idx;
DROP INDEX stock_balance_location_id_idx;
CREATE INDEX stock_balance_location_id_idx ON stock_balance (org_id, location_id);
DROP INDEX stock_balance_position_key;
ALTER TABLE stock_balance ADD CONSTRAINT stock_balance_position_key
    UNIQUE NULLS NOT DISTINCT (org_id, location_id, item_id, lot_id, status, owner_id, order_id);
ALTER TABLE stock_balance RESET (fillfactor);
ALTER TABLE stock_balance DROP COLUMN in_stock;
ALTER TABLE stock_balance DROP COLUMN outside;
