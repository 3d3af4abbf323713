DROP INDEX lot_link_parent_lot_id_idx;
DROP INDEX lot_link_child_lot_id_idx;
ALTER TABLE lot_link DROP COLUMN strength;
CREATE INDEX lot_link_parent_lot_id_idx ON lot_link (org_id, parent_lot_id);
CREATE INDEX lot_link_child_lot_id_idx ON lot_link (org_id, child_lot_id);
