-- Years of history leave balances of nothing, and balances of what is used up or sold. What stands in stock is found
-- without passing them.
ALTER TABLE stock_balance NO FORCE ROW LEVEL SECURITY;
ALTER TABLE location NO FORCE ROW LEVEL SECURITY;

ALTER TABLE stock_balance ADD COLUMN outside boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN stock_balance.outside IS 'The place is none of stock any more: consumed, scrap or customer · 该位置已不属库存：已消耗、报废或客户';
UPDATE stock_balance b SET outside = true FROM location l
WHERE (l.org_id, l.id) = (b.org_id, b.location_id) AND l.kind IN ('consumed', 'scrap', 'customer');
-- Changes only when a position is filled or emptied, so that every other change stays within its page.
ALTER TABLE stock_balance ADD COLUMN in_stock boolean GENERATED ALWAYS AS (on_hand > 0 AND NOT outside) STORED NOT NULL;
COMMENT ON COLUMN stock_balance.in_stock IS 'There is something, and it counts as stock · 有数量且计入库存';
ALTER TABLE stock_balance SET (fillfactor = 80);

-- One position, found by all that makes it one: "is not distinct from" finds nothing in an index, an equality does; and
-- behind the walls of row-level security only one that PostgreSQL knows to keep secrets, as CASE does and coalesce does not.
ALTER TABLE stock_balance DROP CONSTRAINT stock_balance_position_key;
CREATE UNIQUE INDEX stock_balance_position_key ON stock_balance (org_id, location_id, item_id,
    (CASE WHEN lot_id IS NULL THEN '00000000-0000-0000-0000-000000000000' ELSE lot_id END), status,
    (CASE WHEN owner_id IS NULL THEN '00000000-0000-0000-0000-000000000000' ELSE owner_id END),
    (CASE WHEN order_id IS NULL THEN '00000000-0000-0000-0000-000000000000' ELSE order_id END));
DROP INDEX stock_balance_location_id_idx;
CREATE INDEX stock_balance_location_id_idx ON stock_balance (org_id, location_id) WHERE in_stock;
CREATE INDEX stock_balance_item_id_in_stock_idx ON stock_balance (org_id, item_id) WHERE in_stock;
DROP INDEX stock_balance_owner_id_idx;
CREATE INDEX stock_balance_owner_id_idx ON stock_balance (org_id, owner_id) WHERE owner_id IS NOT NULL;

-- The index by item and number leads with the item already; of owners and scans most movements have none.
DROP INDEX stock_movement_item_id_idx;
DROP INDEX stock_movement_owner_id_idx;
CREATE INDEX stock_movement_owner_id_idx ON stock_movement (org_id, owner_id) WHERE owner_id IS NOT NULL;
DROP INDEX stock_movement_scan_id_idx;
CREATE INDEX stock_movement_scan_id_idx ON stock_movement (org_id, scan_id) WHERE scan_id IS NOT NULL;

-- Rows that change soon after they are written find room in their page.
ALTER TABLE reservation SET (fillfactor = 80);
ALTER TABLE order_component SET (fillfactor = 80);
ALTER TABLE subcontract_order SET (fillfactor = 80);
ALTER TABLE requisition SET (fillfactor = 80);
ALTER TABLE pick_task SET (fillfactor = 80);
